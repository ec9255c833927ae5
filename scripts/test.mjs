// The test command: build, lint and format, types, direction of imports, then vitest. Every step runs even if an
// earlier one failed, so that one run shows everything. The last line is `N passed, N failed` (and `, N skipped`):
// tests as vitest counted them, and a failed step counts as one failure.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countsLine } from './counts.mjs';
import { run, tool } from './steps.mjs';

const folder = mkdtempSync(join(tmpdir(), 'nonn-test-'));
const report = join(folder, 'vitest.json');

const steps = [
  { name: 'build', command: process.execPath, args: ['scripts/build.mjs'] },
  {
    name: 'lint and format',
    command: tool('biome'),
    args: ['ci', '.', `--colors=${process.stdout.isTTY ? 'force' : 'off'}`],
  },
  { name: 'types', command: tool('tsc'), args: ['-p', 'tsconfig.check.json'] },
  { name: 'direction of imports', command: process.execPath, args: ['scripts/check-imports.mjs'] },
  {
    name: 'tests',
    command: tool('vitest'),
    args: [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...process.argv.slice(2),
    ],
  },
];

const failed = [];
for (const step of steps) {
  process.stdout.write(`\n=== ${step.name}\n`);
  const { code } = await run(step.command, step.args);
  if (code !== 0) failed.push(step.name);
}

const { line, good } = countsLine(readReport(), failed);
rmSync(folder, { recursive: true, force: true });

process.stdout.write('\n');
for (const { name } of steps)
  process.stdout.write(`${failed.includes(name) ? 'FAILED' : 'ok    '}  ${name}\n`);
process.exitCode = good ? 0 : 1;
process.stdout.write(`${line}\n`);

function readReport() {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    process.stdout.write('The test runner left no counts.\n');
    return undefined;
  }
}
