import type { Kernel } from '../kernel/index.js';

/** Numbers of a kernel's weights, which it reads whatever the batch; biases left out. */
export function weightNumbers({ family, shape }: Pick<Kernel, 'family' | 'shape'>): number {
  const at = (name: string) => shape[name] ?? 1;
  const window = at('kernelHeight') * at('kernelWidth');
  if (family === 'conv2d') return (window * at('channels') * at('filters')) / at('groups');
  if (family === 'depthwiseConv2d') return window * at('channels') * at('multiplier');
  return family === 'dense' ? at('inputs') * at('units') : 0;
}
