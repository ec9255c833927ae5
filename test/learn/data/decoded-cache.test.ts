import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readImageFolder } from '../../../src/learn/data/index.js';
import { png, tar, twoClasses } from './image-files.js';

const scratch = mkdtempSync(join(tmpdir(), 'nonn-cache-'));
const archive = join(scratch, 'digits.tar');
const cache = join(scratch, 'cache');

beforeAll(() => vi.stubEnv('NONN_CACHE', cache));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(scratch, { recursive: true, force: true });
});

/** Reads the archive, and says whether images were decoded for it. */
async function read() {
  let decoded = false;
  const set = await readImageFolder(archive, {
    onProgress: () => {
      decoded = true;
    },
  });
  return { set, decoded };
}

function kept(): string {
  const [file, ...others] = readdirSync(join(cache, 'data'));
  expect(others).toEqual([]);
  return join(cache, 'data', file!);
}

describe('decoded images', () => {
  it('are kept for the next start, and decoded anew where the archive changed', async () => {
    writeFileSync(archive, await tar(twoClasses(3)));
    const first = await read();
    expect(first.decoded).toBe(true);
    const second = await read();
    expect(second.decoded).toBe(false);
    expect(second.set).toEqual(first.set);

    writeFileSync(archive, await tar({ ...twoClasses(3), 'train/cat/000.png': png(4, 3, [9, 9, 9]) }));
    utimesSync(archive, 1e9, 1e9);
    const third = await read();
    expect(third.decoded).toBe(true);
    expect([...third.set.train.images.subarray(0, 3)]).toEqual([9, 9, 9]);
    expect((await read()).decoded).toBe(false);
  });

  it('are decoded anew where what was kept is damaged or cut, and a split is drawn from what was kept', async () => {
    writeFileSync(archive, await tar(twoClasses(4)));
    const { set } = await read();
    const bytes = readFileSync(kept());
    const damaged = Buffer.from(bytes);
    damaged[damaged.length - 5]! ^= 1;
    for (const wrong of [
      damaged,
      bytes.subarray(0, bytes.length - 1),
      bytes.subarray(0, 3),
      Buffer.alloc(0),
    ]) {
      writeFileSync(kept(), wrong);
      const again = await read();
      expect(again).toEqual({ set, decoded: true });
      expect(readFileSync(kept())).toEqual(bytes);
    }
    const { train, validation } = await readImageFolder(archive, { validation: 0.25 });
    expect([...train.labels, ...validation!.labels]).toEqual([0, 0, 0, 1, 1, 1, 0, 1]);
  });

  it('are not missed where they cannot be kept', async () => {
    vi.stubEnv('NONN_CACHE', '/dev/null/cache');
    try {
      expect((await read()).decoded).toBe(true);
      expect((await read()).decoded).toBe(true);
    } finally {
      vi.stubEnv('NONN_CACHE', cache);
    }
  });
});
