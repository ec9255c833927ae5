import { inputShapes, type Layer, type Network, type Shape, type Window } from '../../src/network/index.js';
import { neededByWindow } from '../../src/network/layers/window.js';
import type { Weights } from '../../src/runtime/index.js';

/** A map of numbers, row by row, pixel by pixel, channel by channel. */
interface FeatureMap {
  readonly shape: Shape;
  readonly values: Float64Array;
}

/**
 * Runs a network by the textbook, in plain loops and double precision, layer by layer: nothing is fused or folded,
 * and no kernel of a runtime is used.
 */
export function referenceOutput(network: Network, input: Float32Array, weights: Weights): Float64Array {
  const maps = new Map<string, FeatureMap>();
  for (const layer of network.layers) {
    const inputs = layer.inputs.map((id) => maps.get(id)!);
    const shape = network.shapes.get(layer.id)!;
    const values =
      layer.kind === 'input'
        ? Float64Array.from(input)
        : forward(layer, inputs, shape, weights(network, layer), inputShapes(network, layer));
    maps.set(layer.id, { shape, values });
  }
  return maps.get(network.output)!.values;
}

function forward(
  layer: Layer,
  inputs: readonly FeatureMap[],
  shape: Shape,
  weights: Readonly<Record<string, Float32Array>>,
  inputShapes: readonly Shape[],
): Float64Array {
  const [x] = inputs as [FeatureMap];
  const channels = inputShapes[0]![2];
  switch (layer.kind) {
    case 'conv2d': {
      const { kernel, bias } = weights;
      const inGroup = channels / layer.groups;
      const outGroup = layer.filters / layer.groups;
      return windowed(layer, x, shape, (window, filter) => {
        let sum = bias?.[filter] ?? 0;
        const first = Math.floor(filter / outGroup) * inGroup;
        for (const { pixel, tap } of window)
          for (let c = 0; c < inGroup; c++)
            sum +=
              x.values[pixel * channels + first + c]! *
              kernel![(tap * inGroup + c) * layer.filters + filter]!;
        return sum;
      });
    }
    case 'depthwiseConv2d': {
      const { kernel, bias } = weights;
      return windowed(layer, x, shape, (window, out) => {
        const c = Math.floor(out / layer.multiplier);
        let sum = bias?.[out] ?? 0;
        for (const { pixel, tap } of window)
          sum += x.values[pixel * channels + c]! * kernel![tap * channels * layer.multiplier + out]!;
        return sum;
      });
    }
    case 'maxPool':
      return windowed(layer, x, shape, (window, c) =>
        Math.max(...window.map(({ pixel }) => x.values[pixel * channels + c]!)),
      );
    case 'avgPool':
      return windowed(
        layer,
        x,
        shape,
        (window, c) =>
          window.reduce((sum, { pixel }) => sum + x.values[pixel * channels + c]!, 0) / window.length,
      );
    case 'dense':
      return Float64Array.from({ length: layer.units }, (_, unit) =>
        x.values.reduce(
          (sum, value, index) => sum + value * weights['kernel']![index * layer.units + unit]!,
          weights['bias']?.[unit] ?? 0,
        ),
      );
    case 'batchNorm':
      return x.values.map((value, index) => {
        const c = index % channels;
        const deviation = Math.sqrt(weights['movingVariance']![c]! + layer.epsilon);
        return (
          ((value - weights['movingMean']![c]!) / deviation) * weights['gamma']![c]! + weights['beta']![c]!
        );
      });
    case 'activation':
      return x.values.map((value) => {
        switch (layer.function) {
          case 'relu':
            return Math.max(0, value);
          case 'relu6':
            return Math.min(6, Math.max(0, value));
          case 'leakyRelu':
            return value < 0 ? (layer.alpha ?? 0.3) * value : value;
          case 'sigmoid':
            return 1 / (1 + Math.exp(-value));
          case 'tanh':
            return Math.tanh(value);
        }
        return value;
      });
    case 'add':
      return x.values.map((_, index) => inputs.reduce((sum, map) => sum + map.values[index]!, 0));
    case 'concat':
      return mapPixels(shape, (row, column) => inputs.flatMap((map) => pixelOf(map, row, column)));
    case 'globalAvgPool':
      return Float64Array.from({ length: channels }, (_, c) => {
        let sum = 0;
        for (let index = c; index < x.values.length; index += channels) sum += x.values[index]!;
        return (sum * channels) / x.values.length;
      });
    case 'flatten':
      return x.values;
    case 'softmax': {
      const largest = x.values.reduce((a, b) => Math.max(a, b));
      const powers = x.values.map((value) => Math.exp(value - largest));
      const sum = powers.reduce((a, b) => a + b);
      return powers.map((power) => power / sum);
    }
    case 'spaceToDepth':
      return mapPixels(shape, (row, column) =>
        Array.from({ length: layer.block ** 2 }, (_, index) =>
          pixelOf(
            x,
            row * layer.block + Math.floor(index / layer.block),
            column * layer.block + (index % layer.block),
          ),
        ).flat(),
      );
    case 'upsample':
      return mapPixels(shape, (row, column) => {
        const at = [(row + 0.5) / layer.factor[0] - 0.5, (column + 0.5) / layer.factor[1] - 0.5] as const;
        if (layer.interpolation === 'nearest')
          return pixelOf(x, Math.round(at[0] - 1e-9), Math.round(at[1] - 1e-9));
        const [y, z] = [Math.floor(at[0]), Math.floor(at[1])];
        return Array.from({ length: channels }, (_, c) => {
          const near = (dy: number, dx: number) =>
            pixelOf(
              x,
              Math.min(Math.max(y + dy, 0), x.shape[0] - 1),
              Math.min(Math.max(z + dx, 0), x.shape[1] - 1),
            )[c]!;
          const [v, u] = [at[0] - y, at[1] - z];
          return (
            (near(0, 0) * (1 - u) + near(0, 1) * u) * (1 - v) + (near(1, 0) * (1 - u) + near(1, 1) * u) * v
          );
        });
      });
    default:
      throw new Error(`the reference does not know the layer kind "${layer.kind}"`);
  }
}

/** Pixels of the input under a window, each with its place in the window. */
type Taps = readonly { readonly pixel: number; readonly tap: number }[];

function windowed(
  window: Window & Layer,
  { shape: input }: FeatureMap,
  output: Shape,
  value: (window: Taps, channel: number) => number,
): Float64Array {
  return mapPixels(output, (row, column) => {
    const { region, pad } = neededByWindow(
      window,
      { rows: [row, row + 1], columns: [column, column + 1] },
      input,
    );
    const taps: { pixel: number; tap: number }[] = [];
    for (let y = region.rows[0]; y < region.rows[1]; y++)
      for (let x = region.columns[0]; x < region.columns[1]; x++)
        taps.push({
          pixel: y * input[1] + x,
          tap: (y - region.rows[0] + pad.top) * window.kernel[1] + x - region.columns[0] + pad.left,
        });
    return Array.from({ length: output[2] }, (_, channel) => value(taps, channel));
  });
}

function mapPixels(
  [height, width, channels]: Shape,
  pixel: (row: number, column: number) => readonly number[],
): Float64Array {
  const values = new Float64Array(height * width * channels);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      values.set(pixel(row, column), (row * width + column) * channels);
  return values;
}

function pixelOf({ shape, values }: FeatureMap, row: number, column: number): number[] {
  const from = (row * shape[1] + column) * shape[2];
  return [...values.subarray(from, from + shape[2])];
}

/** max |a - b| / max |b|; 0 for two silent outputs. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let largest = 0;
  for (let index = 0; index < b.length; index++) {
    difference = Math.max(difference, Math.abs(a[index]! - b[index]!));
    largest = Math.max(largest, Math.abs(b[index]!));
  }
  return difference === 0 ? 0 : difference / largest;
}
