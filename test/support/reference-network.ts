import {
  type Elementwise,
  inputShapes,
  type Layer,
  type Network,
  type Shape,
} from '../../src/network/index.js';
import type { Weights } from '../../src/runtime/index.js';
import { referenceActivation } from './reference-activation.js';
import {
  between,
  type FeatureMap,
  mapElements,
  mapPixels,
  pixelOf,
  valueAt,
  windowed,
} from './reference-map.js';
import { channelConvolution, transposedConvolution } from './reference-sliding.js';

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
  const channels = inputShapes[0]?.[2] ?? shape[2];
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
          window.reduce((sum, { pixel }) => sum + x.values[pixel * channels + c]!, 0) /
          (layer.countPadding === true ? layer.kernel[0] * layer.kernel[1] : window.length),
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
        const normal = (value - weights['movingMean']![c]!) / deviation;
        return normal * (weights['gamma']?.[c] ?? 1) + (weights['beta']?.[c] ?? 0);
      });
    case 'layerNorm':
      return mapPixels(shape, (row, column) => {
        const pixel = pixelOf(x, row, column);
        const mean = pixel.reduce((a, b) => a + b) / pixel.length;
        const variance = pixel.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixel.length;
        const scaled = (value: number) => (value - mean) / Math.sqrt(variance + layer.epsilon);
        return pixel.map((value, c) => scaled(value) * weights['gamma']![c]! + weights['beta']![c]!);
      });
    case 'localResponseNorm': {
      const half = (layer.size - 1) / 2;
      return mapPixels(shape, (row, column) => {
        const pixel = pixelOf(x, row, column);
        return pixel.map((value, c) => {
          const near = pixel.slice(Math.max(0, c - half), c + half + 1);
          const sum = near.reduce((total, other) => total + other * other, 0);
          return value / (layer.bias + layer.alpha * sum) ** layer.beta;
        });
      });
    }
    case 'activation':
      return x.values.map((value) => referenceActivation(layer, value));
    case 'prelu':
      return x.values.map((value, index) =>
        value < 0
          ? value * weights['slope']![layer.perPixel ? index : layer.perChannel ? index % channels : 0]!
          : value,
      );
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'maximum':
    case 'minimum':
      return mapElements(shape, (...at) =>
        inputs
          .map((map) => {
            const [row, column, c] = at.map((index, axis) => (map.shape[axis] === 1 ? 0 : index));
            return valueAt(map, row!, column!, c!);
          })
          .reduce(combine[layer.kind]),
      );
    case 'matmul':
      return mapElements(shape, (row, column, out) => {
        const other = (k: number) =>
          layer.transposeB ? valueAt(inputs[1]!, row, out, k) : valueAt(inputs[1]!, row, k, out);
        return pixelOf(x, row, column).reduce((sum, value, k) => sum + value * other(k), 0);
      });
    case 'embedding':
      return mapElements(shape, (_row, index, unit) => {
        const row = Math.min(Math.max(Math.trunc(x.values[index]!), 0), layer.vocabulary - 1);
        return weights['embeddings']![row * layer.units + unit]!;
      });
    case 'convTranspose2d':
      return transposedConvolution(layer, x, shape, weights);
    case 'channelConv2d':
      return channelConvolution(layer, x, shape, weights);
    case 'concat':
      return mapPixels(shape, (row, column) => {
        const axis = layer.axis === 'rows' ? 0 : layer.axis === 'columns' ? 1 : 2;
        if (axis === 2) return inputs.flatMap((map) => pixelOf(map, row, column));
        const at = [row, column];
        for (const map of inputs) {
          if (at[axis]! < map.shape[axis]) return pixelOf(map, at[0]!, at[1]!);
          at[axis]! -= map.shape[axis];
        }
        return [];
      });
    case 'slice': {
      const step = layer.step ?? [1, 1, 1];
      return mapElements(shape, (...at) => {
        const [row, column, c] = at.map((index, axis) => layer.begin[axis]! + index * step[axis]!);
        return valueAt(x, row!, column!, c!);
      });
    }
    case 'pad': {
      const sides = [layer.rows, layer.columns, layer.channels];
      return mapElements(shape, (...place) => {
        const at = place.map((index, axis) => {
          const inside = index - sides[axis]![0];
          if (layer.mode === 'constant') return inside;
          return inside < 0 ? -inside : Math.min(inside, 2 * x.shape[axis]! - 2 - inside);
        }) as [number, number, number];
        const isInside = at.every((index, axis) => index >= 0 && index < x.shape[axis]!);
        return isInside ? valueAt(x, ...at) : (layer.value ?? 0);
      });
    }
    case 'channelShuffle': {
      const { groups } = layer;
      return mapElements(shape, (row, column, c) =>
        valueAt(x, row, column, (c % groups) * (channels / groups) + Math.floor(c / groups)),
      );
    }
    case 'transpose':
      return mapElements(shape, (...place) => {
        const at: [number, number, number] = [0, 0, 0];
        for (const [axis, from] of layer.permutation.entries()) at[from] = place[axis]!;
        return valueAt(x, ...at);
      });
    case 'depthToSpace': {
      const { block, order } = layer;
      return mapElements(shape, (row, column, c) => {
        const place = (row % block) * block + (column % block);
        const from = order === 'first' ? place * shape[2] + c : c * block * block + place;
        return valueAt(x, Math.floor(row / block), Math.floor(column / block), from);
      });
    }
    case 'globalAvgPool':
      return Float64Array.from({ length: channels }, (_, c) => {
        let sum = 0;
        for (let index = c; index < x.values.length; index += channels) sum += x.values[index]!;
        return (sum * channels) / x.values.length;
      });
    case 'globalMaxPool':
      return Float64Array.from({ length: channels }, (_, c) =>
        Math.max(...x.values.filter((_value, index) => index % channels === c)),
      );
    case 'flatten':
    case 'reshape':
    case 'dropout':
      return x.values;
    case 'constant':
      return Float64Array.from(layer.values);
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
    case 'upsample': {
      const [height, width] = layer.factor;
      return mapPixels(shape, (row, column) =>
        between(x, (row + 0.5) / height - 0.5, (column + 0.5) / width - 0.5, layer.interpolation),
      );
    }
    case 'resize':
      return mapPixels(shape, (row, column) => {
        const at = [row, column].map((index, axis) => {
          const [from, to] = [x.shape[axis]!, shape[axis]!];
          if (layer.coordinates === 'alignCorners') return to === 1 ? 0 : (index * (from - 1)) / (to - 1);
          if (layer.coordinates === 'asymmetric') return (index * from) / to;
          return ((index + 0.5) * from) / to - 0.5;
        }) as [number, number];
        return between(x, ...at, layer.interpolation, layer.coordinates);
      });
    case 'input':
      return x.values;
  }
}

const combine: Readonly<Record<Elementwise['kind'], (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
};

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
