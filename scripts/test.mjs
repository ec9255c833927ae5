// The test command: build, lint and format, types, direction of imports, then vitest. Every step runs even if an
// earlier one failed, so that one run shows everything. The last line is `N passed, N failed` (and `, N skipped`):
// tests as vitest counted them, and a failed step counts as one failure.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, tool } from './steps.mjs';

const folder = mkdtempSync(join(tmpdir(), 'nonn-test-'));
const report = join(folder, 'vitest.json');

const steps = [
  { name: 'build', command: process.execPath, args: ['scripts/build.mjs'] },
  { name: 'lint and format', command: tool('biome'), args: ['ci', '.'] },
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

const counts = readCounts();
rmSync(folder, { recursive: true, force: true });

process.stdout.write('\n');
for (const { name } of steps)
  process.stdout.write(`${failed.includes(name) ? 'FAILED' : 'ok    '}  ${name}\n`);

// A failure of the step `tests` is already among the counts, unless vitest failed without a failed test.
const extra = failed.filter((name) => name !== 'tests' || counts.failed === 0).length;
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
process.exitCode = failed.length + counts.failed > 0 || counts.passed === 0 ? 1 : 0;
process.stdout.write(`${counts.passed} passed, ${counts.failed + extra} failed${skipped}\n`);

function readCounts() {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    // A file that could not be loaded has no tests to count, but has failed all the same.
    const unloaded = testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    ).length;
    return {
      passed: numPassedTests,
      failed: numFailedTests + unloaded,
      skipped: numPendingTests + numTodoTests,
    };
  } catch {
    process.stdout.write('The test runner left no counts.\n');
    return { passed: 0, failed: 0, skipped: 0 };
  }
}
