// Tries the package as a stranger would get it: builds and packs it, installs the archive into an empty folder, and
// runs a sweep of a packaged scenario there, and the library's door. Leaves nothing behind.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from './steps.mjs';

const folder = mkdtempSync(join(tmpdir(), 'nonn-package-'));
const empty = mkdtempSync(join(folder, 'empty-'));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

try {
  await step('build', process.execPath, ['scripts/build.mjs'], root);
  const packed = await step('pack', npm, ['pack', '--json', '--pack-destination', folder], root);
  const [{ filename, files }] = Object.values(JSON.parse(packed));
  const archive = join(folder, filename);
  console.log(`      ${filename}: ${files.length} files, ${(statSync(archive).size / 1e3).toFixed(0)} kB`);

  // Without --prefix npm would look for a project in the folders above.
  await step(
    'install into an empty folder',
    npm,
    ['install', '--prefix', empty, '--no-audit', '--no-fund', archive],
    empty,
  );
  const scenario = join('node_modules', 'nonn', 'scenarios', 'mnist-quick.json');
  const swept = await step(
    'sweep there',
    'npx',
    ['--no-install', 'nonn', 'sweep', scenario, '--out', 'result', '--json', '--quiet'],
    empty,
  );
  const { candidates, feasible, pick } = JSON.parse(swept);
  const result = JSON.parse(readFileSync(join(empty, 'result', 'result.json'), 'utf8'));
  if (!(candidates > 0) || result.candidates !== candidates)
    throw new Error('the sweep there left no result');
  console.log(
    `      ${candidates} candidates, ${feasible} feasible, pick ${typeof pick === 'string' ? pick : pick?.id}`,
  );

  const library =
    "await import('nonn'); const { parseUnit } = await import('nonn/foundation'); if (parseUnit('54 Mbit/s', 'bandwidth') !== 6.75e6) process.exit(1);";
  await step('import the library there', process.execPath, ['--input-type=module', '-e', library], empty);
  console.log('The package works.');
} catch (error) {
  console.log(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function step(name, command, args, cwd) {
  const begun = performance.now();
  const { code, stdout } = await run(command, args, { cwd, show: false });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  if (code !== 0)
    throw new Error(`FAILED  ${name}: ${[command, ...args].join(' ')} ended with ${code}\n${stdout}`);
  console.log(`ok    ${name} (${seconds} s)`);
  return stdout;
}
