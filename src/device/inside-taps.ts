import type { Kernel } from '../kernel/index.js';

const before = { Height: 'padTop', Width: 'padLeft' } as const;
const sizes = { Height: 'height', Width: 'width' } as const;

/**
 * Pairs of an output and a place of its window along one side of a map, those that lie in the padding left out: of a window
 * of three over three pixels, padded by one, seven of nine.
 */
export function insideTaps(shape: Kernel['shape'], side: 'Height' | 'Width'): number {
  const at = (name: string, otherwise = 1) => shape[name] ?? otherwise;
  const [size, outputs, stride] = [at(sizes[side]), at(`out${side}`), at(`stride${side}`)];
  let taps = 0;
  for (let place = 0; place < at(`kernel${side}`); place++) {
    const offset = place * at(`dilation${side}`) - at(before[side], 0);
    const first = Math.max(0, Math.ceil(-offset / stride));
    const last = Math.min(outputs - 1, Math.floor((size - 1 - offset) / stride));
    taps += Math.max(0, last - first + 1);
  }
  return taps;
}
