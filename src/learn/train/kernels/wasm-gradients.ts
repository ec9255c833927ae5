import * as tf from '@tensorflow/tfjs-core';
import {
  depthwiseFilterGradient,
  depthwiseInputGradient,
  filterGradient,
  inputGradient,
  type Sliding,
} from './wasm-convolution.js';
import { maxPoolGradient } from './wasm-max-pool.js';

type Shape = [number, number, number, number];

interface SlidingAttributes {
  readonly strides: [number, number] | number;
  readonly dilations?: [number, number] | number;
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** Where the gradients are made; every other backend has its own. */
const WASM = 'wasm';
const ours = new WeakSet<tf.GradConfig>();

/**
 * Gives wasm the gradients that it lacks or that are slow there, made of its fast kernels (see `wasm-convolution.ts`), so that
 * tfjs' own `grads` and `variableGrads` work:
 *
 * - `Conv2DBackpropFilter`, `DepthwiseConv2dNativeBackpropFilter` and `...Input` are registered, since they are missing;
 * - convolutions and matrix products take their gradients another way. Their kernels are not touched: transposed convolutions
 *   share theirs (`Conv2DBackpropInput`), and inference stays as fast as it was measured;
 * - `MaxPoolGrad` is replaced by a faster one.
 */
export function registerWasmGradients(): void {
  register('Conv2DBackpropFilter', ({ x, dy }, attributes, { filterShape }) =>
    filterGradient(x!, dy!, sliding(x!.shape, filterShape!, attributes)),
  );
  register('DepthwiseConv2dNativeBackpropFilter', ({ x, dy }, attributes, { filterShape }) =>
    depthwiseFilterGradient(x!, dy!, sliding(x!.shape, filterShape!, attributes)),
  );
  register('DepthwiseConv2dNativeBackpropInput', ({ dy, filter }, attributes, { inputShape }) =>
    depthwiseInputGradient(dy!, filter!, sliding(inputShape!, filter!.shape, attributes)),
  );
  if (tf.getKernel('MaxPoolGrad', WASM).kernelFunc !== maxPoolKernel) {
    tf.unregisterKernel('MaxPoolGrad', WASM);
    tf.registerKernel({ kernelName: 'MaxPoolGrad', backendName: WASM, kernelFunc: maxPoolKernel });
  }
  onWasm('Conv2D', (dy, [x, filter], attributes) => {
    if (!isOne(attributes.dilations)) return undefined;
    const of = sliding(x!.shape as Shape, filter!.shape as Shape, attributes);
    return {
      x: () => inputGradient(dy as tf.Tensor4D, filter as tf.Tensor4D, of),
      filter: () => filterGradient(x as tf.Tensor4D, dy as tf.Tensor4D, of),
    };
  });
  // Only a product of two matrices that are not transposed has a fast kernel.
  onWasm('BatchMatMul', (dy, [a, b], attributes) => {
    const { transposeA, transposeB } = attributes as unknown as Record<string, boolean>;
    if (transposeA || transposeB || a!.shape.some((size, axis) => axis < a!.rank - 2 && size > 1))
      return undefined;
    return {
      a: () => tf.matMul(dy, swapped(b!)),
      b: () => tf.matMul(swapped(a!), dy),
    };
  });
}

const maxPoolKernel: tf.KernelFunc = ({ inputs, attrs, backend }) =>
  maxPoolGradient(inputs, attrs as never, backend as never);

type Tensors = Readonly<Record<string, tf.Tensor4D | undefined>>;
type Shapes = { readonly filterShape?: Shape; readonly inputShape?: Shape };

function register(
  kernelName: string,
  run: (inputs: Tensors, attributes: SlidingAttributes, shapes: Shapes) => tf.Tensor,
): void {
  if (tf.getKernel(kernelName, WASM) !== undefined) return;
  tf.registerKernel({
    kernelName,
    backendName: WASM,
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() =>
        run(inputs as unknown as Tensors, attrs as unknown as SlidingAttributes, attrs as unknown as Shapes),
      ),
  });
}

type Gradients = Record<string, () => tf.Tensor>;

/** On wasm a kernel's gradients are these, where there are any; elsewhere they stay what they were. */
function onWasm(
  kernelName: string,
  gradients: (
    dy: tf.Tensor,
    saved: readonly tf.Tensor[],
    attributes: SlidingAttributes,
  ) => Gradients | undefined,
): void {
  const usual = tf.getGradient(kernelName);
  // Whenever tfjs-node is loaded, it registers the usual ones again.
  if (ours.has(usual)) return;
  const made: tf.GradConfig = {
    ...usual,
    gradFunc: (dy, saved, attributes) =>
      (tf.getBackend() === WASM
        ? gradients(dy as tf.Tensor, saved, attributes as unknown as SlidingAttributes)
        : undefined) ?? usual.gradFunc(dy, saved, attributes),
  };
  tf.unregisterGradient(kernelName);
  tf.registerGradient(made);
  ours.add(made);
}

function sliding(input: Shape, filter: Shape, attributes: SlidingAttributes): Sliding {
  const { strides, pad, dimRoundingMode } = attributes;
  // Channels and filters do not matter for where the window is.
  const info = tf.backend_util.computeConv2DInfo(
    input,
    [filter[0], filter[1], input[3], 1],
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return {
    input,
    filter,
    stride: [info.strideHeight, info.strideWidth],
    before: [info.padInfo.top, info.padInfo.left],
  };
}

function isOne(dilations: SlidingAttributes['dilations']): boolean {
  return [dilations ?? 1].flat().every((one) => one === 1);
}

function swapped(matrix: tf.Tensor): tf.Tensor {
  const axes = Array.from({ length: matrix.rank }, (_, axis) => axis);
  return tf.transpose(matrix, [...axes.slice(0, -2), matrix.rank - 1, matrix.rank - 2]);
}
