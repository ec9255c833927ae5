import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readImageFolder } from '../../../src/learn/data/index.js';
import { jpg, png, tar, twoClasses, writeFolder } from './image-files.js';

const scratch = mkdtempSync(join(tmpdir(), 'nonn-images-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const plain = { cache: false } as const;

let count = 0;
function place(ending = ''): string {
  count++;
  return join(scratch, `case-${count}${ending}`);
}

describe('a folder or archive of images', () => {
  it('reads classes and images in the order of their names', async () => {
    const set = await readImageFolder(writeFolder(place(), twoClasses(3)), plain);
    expect(set.train.classes).toEqual(['cat', 'dog']);
    expect(set.train.shape).toEqual([3, 4, 3]);
    expect([...set.train.labels]).toEqual([0, 0, 0, 1, 1, 1]);
    // The first pixel of each image.
    expect(
      [0, 1, 2, 3, 4, 5].map((index) => [...set.train.images.subarray(index * 36, index * 36 + 3)]),
    ).toEqual([
      [0, 0, 7],
      [0, 1, 7],
      [0, 2, 7],
      [100, 0, 7],
      [100, 1, 7],
      [100, 2, 7],
    ]);
    expect(set.validation).toBeNull();
    expect([...set.test.images.subarray(0, 3)]).toEqual([0, 200, 7]);
  });

  it('is the same from a folder, a .tar and a .tar.gz, whatever the order inside', async () => {
    const files = { ...twoClasses(3), 'train/cat/1.jpg': jpg(4, 3, [200, 30, 40]) };
    const reversed = Object.fromEntries(Object.entries(files).reverse());
    const nested = Object.fromEntries(
      Object.entries(reversed).map(([path, bytes]) => [`top/${path}`, bytes]),
    );
    const [one, two, three] = [place('.tar'), place('.tar.gz'), place('.tgz')];
    writeFileSync(one, await tar(reversed));
    writeFileSync(two, gzipSync(await tar(files)));
    writeFileSync(three, gzipSync(await tar(nested)));
    const name = { ...plain, name: 'same' };
    const expected = await readImageFolder(writeFolder(place(), files), name);
    for (const archive of [one, two, three]) expect(await readImageFolder(archive, name)).toEqual(expected);
  });

  it('repeats a grey image among coloured ones in the three channels', async () => {
    const files = { ...twoClasses(2), 'train/cat/002.png': png(4, 3, [90]) };
    const { train } = await readImageFolder(writeFolder(place(), files), plain);
    expect([...new Set(train.images.subarray(2 * 36, 3 * 36))]).toEqual([90]);
  });
});
