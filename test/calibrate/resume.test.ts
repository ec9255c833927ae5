import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { journalFile } from '../../src/calibrate/journal.js';
import { measuredKernels, parseProfile } from '../../src/device/index.js';
import { entry, isBuilt, runBuilt } from '../cli/run-built.js';

const folder = mkdtempSync(join(tmpdir(), 'nonn-resume-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Line {
  readonly samples?: readonly { readonly kernel: { readonly shape: object } }[];
  readonly sides?: { readonly encode: { readonly bandwidth: number } };
}

const args = ['calibrate', '--backend', 'tfjs-wasm', '--budget', '8s', '--out', 'here.json', '--quiet'];

describe.skipIf(!isBuilt)('a calibration that is killed', () => {
  it('goes on where it was when the same command is given again', { timeout: 60_000 }, async () => {
    const profile = join(folder, 'here.json');
    const child = spawn(process.execPath, [entry, ...args], { cwd: folder, stdio: 'ignore' });
    const closed = once(child, 'close');
    const isMeasured = () =>
      existsSync(journalFile(profile)) && readFileSync(journalFile(profile), 'utf8').includes('"samples":[');
    while (!isMeasured()) await setTimeout(20);
    // A line may be half written.
    await setTimeout(100);
    child.kill('SIGKILL');
    expect((await closed)[1]).toBe('SIGKILL');
    expect(existsSync(profile)).toBe(false);
    const rounds = readFileSync(journalFile(profile), 'utf8')
      .split('\n')
      .slice(1, -1)
      .map((line) => JSON.parse(line) as Line);
    const kept = rounds.flatMap(({ samples = [] }) => samples);

    const other = await runBuilt(folder, [...args, '--seed', '2']);
    expect(other).toMatchObject({ code: 2 });
    expect(other.stderr).toContain('here.json.partial: seed: found an unfinished calibration with 1');

    const again = await runBuilt(folder, [...args, '--json']);
    expect(again).toMatchObject({ code: 0 });
    expect(existsSync(journalFile(profile))).toBe(false);
    const finished = parseProfile(JSON.parse(readFileSync(profile, 'utf8')), 'here.json');
    const kernels = [...measuredKernels(finished, 1).values()].flat();
    const shapes = new Set(kernels.map(({ shape }) => JSON.stringify(shape)));
    expect(kept.length).toBeGreaterThan(0);
    for (const { kernel } of kept) expect(shapes).toContain(JSON.stringify(kernel.shape));
    // What is measured once is not measured again.
    const { bandwidth } = rounds.find(({ sides }) => sides !== undefined)!.sides!.encode;
    expect(finished.latency.encode.bandwidth).toMatchObject({ value: Number(bandwidth.toPrecision(5)) });
    // Nothing was measured twice, and the time before it was killed counts.
    expect(new Set(kernels.map(({ family, shape }) => family + JSON.stringify(shape))).size).toBe(
      kernels.length,
    );
    expect(JSON.parse(again.stdout)).toMatchObject({ resumed: { kernels: kept.length } });
  });
});
