// Checks the direction of imports, in src/ or in another folder that is given (a test plants a wrong import there).
// A checker that sees no module passes everything, so the number of modules and of imports is checked too.
import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { root, run, tool } from './steps.mjs';

const base = resolve(process.argv[2] ?? root);
const { code, stdout } = await run(
  tool('depcruise'),
  ['src', '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json'],
  { cwd: base, show: false },
);

let summary;
let modules = [];
try {
  ({ summary, modules } = JSON.parse(stdout));
} catch {
  console.log(`dependency-cruiser gave no result (exit code ${code})`);
  process.exit(1);
}

const ours = modules.filter((module) => module.source.startsWith('src/'));
const imports = ours.reduce((sum, module) => sum + module.dependencies.length, 0);
const files = readdirSync(join(base, 'src'), { recursive: true }).filter((file) => file.endsWith('.ts'));

for (const { rule, from, to, cycle } of summary.violations)
  console.log(`${rule.name}: ${from} imports ${cycle ? cycle.map((step) => step.name).join(' > ') : to}`);
console.log(
  `${ours.length} modules of ${relative(root, base) || '.'}, ${imports} imports, ${summary.violations.length} wrong`,
);

const blind = ours.length < files.length || imports === 0;
if (blind)
  console.log(
    `only ${ours.length} of ${files.length} files and ${imports} imports were seen: the check is blind`,
  );
process.exitCode = blind || summary.error > 0 ? 1 : 0;
