import type { Kernel } from '../../src/kernel/index.js';

/** A kernel with the given work; its key names all of it. */
export function kernelOf(
  family: string,
  flops: number,
  bytes: number,
  shape: Readonly<Record<string, number>> = {},
): Kernel {
  const key = `${family} ${flops} ${bytes} ${JSON.stringify(shape)}`;
  return { key, family, layers: ['layer'], shape, macs: Math.floor(flops / 2), flops, bytes };
}

/** The shape of a square convolution. */
export function windowOf(size: number, stride = 1, groups = 1): Record<string, number> {
  return {
    kernelHeight: size,
    kernelWidth: size,
    strideHeight: stride,
    strideWidth: stride,
    dilationHeight: 1,
    dilationWidth: 1,
    groups,
  };
}
