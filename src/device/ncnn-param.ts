import { NonnError } from '../foundation/index.js';
import type { TableKernel } from './board-table.js';
import { latencyFamily } from './family.js';
import { workShape } from './shape-effect.js';

/** Width, height, channels of a blob, as ncnn's shape hints give them. */
interface Blob {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

interface ParamLayer {
  readonly type: string;
  readonly name: string;
  readonly inputs: readonly Blob[];
  readonly outputs: readonly Blob[];
  /** A parameter by its number in ncnn's documentation (docs/developer-guide/operators.md). */
  parameter(id: number, otherwise?: number): number;
}

/** Layers that only name a tensor anew: ncnn shares the memory and runs nothing. */
const free = new Set(['Input', 'Split', 'MemoryData', 'Reshape', 'Flatten', 'Dropout', 'Noop']);
/** Layers that compute each element, in floating-point operations an element. */
const elementwise: Readonly<Record<string, number>> = {
  ReLU: 1,
  Clip: 1,
  Eltwise: 1,
  BinaryOp: 1,
  HardSigmoid: 1,
  HardSwish: 1,
  Sigmoid: 1,
  Swish: 1,
  Softmax: 1,
  LRN: 1,
  Yolov3DetectionOutput: 1,
};
/** Those of them with an exponential or a power for each element. */
const transcendental = new Set(['Sigmoid', 'Swish', 'Softmax', 'LRN']);
/** Layers that copy. */
const moving = new Set(['Concat', 'Slice', 'ShuffleChannel', 'Crop', 'Interp', 'Padding', 'Permute']);

/**
 * The kernels of a network that ncnn runs, from its `.param` file with shape hints. Work is counted as nonn's own
 * lowering counts it: two for a multiply-add, one for a bias, one for a fused activation; bytes are inputs, weights
 * and output once each. Equal kernels are counted together.
 *
 * @throws NonnError for a layer that none of these kernels expresses.
 */
export function kernelsOfParam(text: string, name: string): readonly TableKernel[] {
  const kernels = new Map<string, TableKernel>();
  for (const layer of layersOf(text)) {
    const kernel = kernelOf(layer, name);
    if (kernel === null) continue;
    const key = JSON.stringify(kernel);
    const same = kernels.get(key);
    kernels.set(key, { ...kernel, count: (same?.count ?? 0) + 1 });
  }
  return [...kernels.values()];
}

function layersOf(text: string): readonly ParamLayer[] {
  const blobs = new Map<string, Blob>();
  return text
    .trim()
    .split('\n')
    .slice(2)
    .map((line) => {
      const words = line.trim().split(/\s+/);
      const inputs = Number(words[2]);
      const outputs = Number(words[3]);
      const names = words.slice(4, 4 + inputs + outputs);
      const parameters = new Map(
        words.slice(4 + inputs + outputs).map((word) => {
          const at = word.indexOf('=');
          return [word.slice(0, at), word.slice(at + 1)] as const;
        }),
      );
      const hints = (parameters.get('-23330') ?? '').split(',').slice(1).map(Number);
      for (const [index, blob] of names.slice(inputs).entries())
        blobs.set(blob, blobOf(hints.slice(4 * index, 4 * index + 4)));
      const [read, written] = [names.slice(0, inputs), names.slice(inputs)];
      return {
        type: words[0]!,
        name: words[1]!,
        inputs: read.map((blob) => blobs.get(blob)!),
        outputs: written.map((blob) => blobs.get(blob)!),
        parameter: (id: number, otherwise = 0) =>
          parameters.has(String(id)) ? Number(parameters.get(String(id))) : otherwise,
      };
    });
}

/** A hint is dimensions, width, height, channels; a vector's length stands in place of the width. */
function blobOf([dimensions, width, height, channels]: readonly number[]): Blob {
  if (dimensions === 1) return { width: 1, height: 1, channels: width! };
  if (dimensions === 2) return { width: width!, height: height!, channels: 1 };
  return { width: width!, height: height!, channels: channels! };
}

function kernelOf(layer: ParamLayer, network: string): Omit<TableKernel, 'count'> | null {
  const { type, inputs, outputs } = layer;
  if (free.has(type)) return null;
  const read = inputs.reduce((sum, blob) => sum + elementsOf(blob), 0);
  const written = outputs.reduce((sum, blob) => sum + elementsOf(blob), 0);
  const moved = 4 * (read + written);
  if (type === 'Convolution' || type === 'ConvolutionDepthWise') return convolution(layer, moved);
  if (type === 'InnerProduct') {
    const weights = layer.parameter(2);
    const extra = layer.parameter(1) + (layer.parameter(9) > 0 ? 1 : 0);
    return {
      family: 'dense',
      flops: 2 * weights + extra * written,
      bytes: moved + 4 * (weights + layer.parameter(1) * written),
    };
  }
  if (type === 'Pooling') {
    const window = layer.parameter(1);
    const flops = layer.parameter(4) === 1 ? read : written * window * layer.parameter(11, window);
    return { family: 'pool', flops, bytes: moved };
  }
  if (type === 'Reduction') return { family: 'pool', flops: read, bytes: moved };
  if (moving.has(type)) return { family: 'move', flops: 0, bytes: moved };
  const operations = elementwise[type];
  if (operations !== undefined)
    return {
      family: 'elementwise',
      flops: operations * written,
      bytes: moved,
      ...(transcendental.has(type) ? { transcendental: true as const } : {}),
    };
  throw new NonnError(
    `${network}: ${layer.name}: found the layer ${type}, expected one that nonn's kernels express`,
  );
}

function convolution(layer: ParamLayer, moved: number): Omit<TableKernel, 'count'> {
  const [input, output] = [layer.inputs[0]!, layer.outputs[0]!];
  const kernelWidth = layer.parameter(1);
  const dilationWidth = layer.parameter(2, 1);
  const strideWidth = layer.parameter(3, 1);
  const bias = layer.parameter(5);
  const weights = layer.parameter(6);
  const groups = layer.parameter(7, 1);
  const depthwise = groups > 1 && groups === input.channels && groups === output.channels;
  const kernel = {
    family: depthwise ? 'depthwiseConv2d' : 'conv2d',
    shape: {
      channels: input.channels,
      filters: output.channels,
      outHeight: output.height,
      outWidth: output.width,
      kernelWidth,
      kernelHeight: layer.parameter(11, kernelWidth),
      strideWidth,
      strideHeight: layer.parameter(13, strideWidth),
      dilationWidth,
      dilationHeight: layer.parameter(12, dilationWidth),
      groups,
    },
  };
  const { groups: separate, ...shape } = workShape(kernel);
  const extra = bias + (layer.parameter(9) > 0 ? 1 : 0);
  return {
    family: latencyFamily(kernel),
    flops: 2 * output.width * output.height * weights + extra * elementsOf(output),
    bytes: moved + 4 * (weights + bias * output.channels),
    ...shape,
    ...(separate > 1 ? { groups: separate } : {}),
  };
}

function elementsOf(blob: Blob): number {
  return blob.width * blob.height * blob.channels;
}
