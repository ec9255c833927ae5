import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const absent = !existsSync(`${root}dist/simulate/index.js`);
const reason = absent ? ' (skipped: nothing is built in dist/)' : '';

function bench(...args: string[]) {
  return JSON.parse(
    execFileSync(process.execPath, ['bench/run.mjs', ...args, '--json'], { cwd: root, encoding: 'utf8' }),
  );
}

describe('the bench command', () => {
  it.skipIf(absent)(`plays as many customers as it is told, with two events each${reason}`, () => {
    const result = bench('mm1', '--customers', '2000', '--seed', '3');
    expect(result).toMatchObject({ customers: 2000, events: 4000 });
    expect(result.meanSojourn).toBeGreaterThan(1);
    expect(bench('mm1', '--customers', '2000', '--seed', '3').meanSojourn).toBe(result.meanSojourn);
  });

  it.skipIf(absent)(`plays a plan file and says when it ends${reason}`, () => {
    const file = 'test/simulate/simgrid/cross-traffic.json';
    const { activities, makespan, seconds } = bench('plan', '--plan', file);
    expect(activities).toBe(120);
    expect(makespan).toBeGreaterThan(0);
    expect(seconds).toBeGreaterThan(0);
  });

  it.skipIf(absent)(`says why it skips the comparison with ONNX Runtime${reason}`, () => {
    expect(bench('import', '--python', 'no-such-python')).toEqual({
      skipped: 'no-such-python is not there; give another with --python',
    });
  });

  it.skipIf(absent).each([
    [['mm2'], 'bench: found "mm2", expected one of mm1, plan, kernels, '],
    [['mm1', '--seed', '-1'], 'bench mm1: found'],
    [['mm1', '--customers', '1.5'], 'bench mm1: --customers: found "1.5", expected a whole number from 1 on'],
    [['plan', '--plan', 'none.json'], 'none.json: found no such file'],
  ])(`refuses %j in one line${reason}`, (args, message) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['bench/run.mjs', ...args], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim()).not.toContain('\n');
    expect(stderr).toContain(message);
  });
});
