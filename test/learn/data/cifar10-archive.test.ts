import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countOf, readImageFolder } from '../../../src/learn/data/index.js';

const archive = resolve('../shared/data/cifar10-jpeg.tar.gz');

describe('the CIFAR-10 archive of ../shared (where it is there)', () => {
  it.skipIf(!existsSync(archive))(
    'has ten classes of 32x32 images with the colours of CIFAR-10',
    async () => {
      const { train, test } = await readImageFolder(archive, { limit: 100, cache: false });
      expect(train.classes.join()).toBe('airplane,automobile,bird,cat,deer,dog,frog,horse,ship,truck');
      expect(train.shape).toEqual([32, 32, 3]);
      expect([countOf(train), countOf(test)]).toEqual([1000, 1000]);
      // Means of CIFAR-10's training images as they are quoted everywhere, 0.4914, 0.4822, 0.4465 (the repository
      // kuangliu/pytorch-cifar, main.py); of 1,000 images they are off by at most three standard errors of 0.005.
      for (const [channel, mean] of [0.4914, 0.4822, 0.4465].entries()) {
        let sum = 0;
        for (let at = channel; at < train.images.length; at += 3) sum += train.images[at]!;
        expect(Math.abs(sum / (train.images.length / 3) / 255 - mean)).toBeLessThan(0.015);
      }
    },
  );
});
