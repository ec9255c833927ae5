import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isBuilt, root } from '../../cli/run-built.js';
import { withoutNative } from '../../support/native.js';

const unbuilt = isBuilt ? '' : ' [skipped: found no build, npm run build makes one]';
const child = fileURLToPath(new URL('train-child.mjs', import.meta.url));

let folder: string;
let config: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nonn-resume-'));
  config = join(folder, 'experiment.json');
  const training = {
    epochs: 3,
    batch: 40,
    schedule: { kind: 'cosine', peak: 0.1 },
    augmentation: { flip: true, shift: 2 },
  };
  const stages = [
    { id: 'teacher', kind: 'labels', network: 'cnn-4', training: { patience: 2 } },
    { id: 'pair', kind: 'nonn', teacher: 'teacher', students: ['cnn-2', 'cnn-2'], training: { averaged: 2 } },
  ];
  writeFileSync(config, JSON.stringify({ name: 'tiny', data: { set: 'mnist' }, training, stages }));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Trains, and is killed without warning once it says `until`. @returns what it said. */
function train(out: string, backend: string, until?: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const running = spawn(process.execPath, [child, join(root, 'dist'), config, out, backend], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    let wrong = '';
    running.stdout.on('data', (text) => {
      said += text;
      if (until !== undefined && said.includes(`${until}\n`)) running.kill('SIGKILL');
    });
    running.stderr.on('data', (text) => {
      wrong += text;
    });
    running.on('error', reject);
    running.on('close', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve(said.trim().split('\n'));
      else reject(new Error(wrong));
    });
  });
}

const weights = (out: string, stage: string) =>
  readFileSync(join(out, 'seed-1', stage, 'weights.safetensors'));

for (const [backend, absent] of [
  ['tfjs-wasm', unbuilt],
  ['tfjs-node', unbuilt || withoutNative],
] as const)
  describe.skipIf(absent)(`a training on ${backend} that is killed${absent}`, () => {
    it('goes on with the same command, and comes to the same bytes as one that was not', async () => {
      const unbroken = join(folder, `${backend}-unbroken`);
      const broken = join(folder, `${backend}-broken`);
      const all = await train(unbroken, backend);
      await train(broken, backend, 'teacher 1/3');
      expect(existsSync(join(broken, 'seed-1/teacher/checkpoint/state.json'))).toBe(true);
      await train(broken, backend, 'pair 0/4');
      const rest = await train(broken, backend);
      // It went on in the middle: no step of the teacher was left, and not all of the pair.
      expect(rest.filter((line) => line.startsWith('teacher'))).toEqual([]);
      expect(rest).not.toContain('pair 0/1');
      expect(rest.at(-1)).toBe(all.at(-1));
      for (const stage of ['teacher', 'pair'])
        expect(weights(broken, stage).equals(weights(unbroken, stage)), stage).toBe(true);
      expect(existsSync(join(broken, 'seed-1/pair/checkpoint'))).toBe(false);
    }, 300_000);
  });
