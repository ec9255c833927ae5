import * as tf from '@tensorflow/tfjs-core';

/** What of tfjs-node's backend a kernel needs: it runs one operation of TensorFlow. */
interface NativeBackend {
  readonly binding: Readonly<Record<'TF_ATTR_INT' | 'TF_ATTR_STRING' | 'TF_ATTR_TYPE' | 'TF_FLOAT', number>>;
  executeSingleOutput(name: string, attributes: object[], inputs: tf.TensorInfo[]): tf.TensorInfo;
}

type Padding = tf.backend_util.ExplicitPadding;
type PadInfo = tf.backend_util.PadInfo;
type Pair = [number, number];
type Shape = [number, number, number, number];

interface PoolAttributes {
  readonly filterSize: Pair | number;
  readonly strides: Pair | number;
  readonly pad: Padding;
}

interface TransposedAttributes {
  readonly strides: Pair | number;
  readonly pad: Padding;
  readonly inputShape: Shape;
}

/**
 * tfjs-node refuses some kernels with explicit padding, which strips of a map have at one side and not at the other. For
 * such padding these take the place of its own.
 */
export function registerNativeKernels(): void {
  whereExplicit('MaxPool', maxPool);
  whereExplicit('AvgPool', avgPool);
  whereExplicit('Conv2DBackpropInput', transposedConv2d);
}

type KernelFunc = (
  inputs: tf.NamedTensorInfoMap,
  attributes: unknown,
  backend: NativeBackend,
) => tf.TensorInfo;

function whereExplicit(kernelName: string, run: KernelFunc): void {
  const { kernelFunc } = tf.getKernel(kernelName, 'tensorflow');
  tf.unregisterKernel(kernelName, 'tensorflow');
  tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: (call) => {
      const pad = call.attrs?.['pad'] as unknown as Padding | string | number;
      const isExplicit = Array.isArray(pad) && pad.flat().some((size) => size !== 0);
      return isExplicit ? run(call.inputs, call.attrs, call.backend as NativeBackend) : kernelFunc(call);
    },
  });
}

/** TensorFlow's own maximum knows explicit padding. */
function maxPool({ x }: tf.NamedTensorInfoMap, attributes: unknown, backend: NativeBackend): tf.TensorInfo {
  const info = poolInfo(x!, attributes as PoolAttributes);
  const size = integers(backend, 'ksize', [1, info.filterHeight, info.filterWidth, 1]);
  return backend.executeSingleOutput('MaxPool', [size, ...windowAttributes(backend, info)], [x!]);
}

/** Its mean does not: the mean over the window is brought to one over the pixels of it that lie in the map. */
function avgPool({ x }: tf.NamedTensorInfoMap, attributes: unknown): tf.TensorInfo {
  const info = poolInfo(x!, attributes as PoolAttributes);
  const { filterHeight, filterWidth, strideHeight, strideWidth, inHeight, inWidth, padInfo } = info;
  return tf.tidy(() => {
    const padded = tf.pad(x as tf.Tensor4D, [
      [0, 0],
      [padInfo.top, padInfo.bottom],
      [padInfo.left, padInfo.right],
      [0, 0],
    ]);
    const means = tf.avgPool(padded, [filterHeight, filterWidth], [strideHeight, strideWidth], 'valid');
    const rows = inside(info.outHeight, strideHeight, filterHeight, padInfo.top, inHeight);
    const columns = inside(info.outWidth, strideWidth, filterWidth, padInfo.left, inWidth);
    const scale = rows.flatMap((row) =>
      columns.map((column) => (filterHeight * filterWidth) / (row * column)),
    );
    return tf.mul(means, tf.tensor4d(scale, [1, info.outHeight, info.outWidth, 1]));
  });
}

/** How many pixels of each window lie in the map, along one axis. */
function inside(
  windows: number,
  stride: number,
  size: number,
  before: number,
  length: number,
): readonly number[] {
  return Array.from({ length: windows }, (_, index) => {
    const from = index * stride - before;
    return Math.min(from + size, length) - Math.max(from, 0);
  });
}

/**
 * TensorFlow's transposed convolution knows explicit padding, but none below zero, by which a map gets rows or columns that
 * no pixel reaches: they are appended.
 */
function transposedConv2d(
  { dy, filter }: tf.NamedTensorInfoMap,
  attributes: unknown,
  backend: NativeBackend,
): tf.TensorInfo {
  const { strides, pad, inputShape } = attributes as TransposedAttributes;
  const [rows, columns] = [Math.max(0, -pad[1]![1]), Math.max(0, -pad[2]![1])];
  const [batch, height, width, channels] = inputShape;
  const reached: Shape = [batch, height - rows, width - columns, channels];
  const padding = pad.map(([before, after]) => [before, Math.max(0, after)]) as Padding;
  const info = tf.backend_util.computeConv2DInfo(
    reached,
    filter!.shape as Shape,
    strides,
    1,
    padding,
    'floor',
  );
  return tf.tidy(() => {
    const sizes = tf.tensor1d(reached, 'int32');
    const operands = [sizes, filter!, dy!];
    const made = backend.executeSingleOutput(
      'Conv2DBackpropInput',
      windowAttributes(backend, info),
      operands,
    ) as tf.Tensor4D;
    return rows + columns === 0
      ? made
      : tf.pad(made, [
          [0, 0],
          [0, rows],
          [0, columns],
          [0, 0],
        ]);
  });
}

function poolInfo(x: tf.TensorInfo, { filterSize, strides, pad }: PoolAttributes) {
  return tf.backend_util.computePool2DInfo(x.shape as Shape, filterSize, strides, 1, pad, 'floor');
}

/** Attributes that TensorFlow's operations with a window share. */
function windowAttributes(
  backend: NativeBackend,
  info: { readonly strideHeight: number; readonly strideWidth: number; readonly padInfo: PadInfo },
): object[] {
  const { binding } = backend;
  const { top, bottom, left, right } = info.padInfo;
  return [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    integers(backend, 'strides', [1, info.strideHeight, info.strideWidth, 1]),
    { name: 'padding', type: binding.TF_ATTR_STRING, value: 'EXPLICIT' },
    integers(backend, 'explicit_paddings', [0, 0, top, bottom, left, right, 0, 0]),
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
  ];
}

function integers({ binding }: NativeBackend, name: string, value: readonly number[]): object {
  return { name, type: binding.TF_ATTR_INT, value };
}
