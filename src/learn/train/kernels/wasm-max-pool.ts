import * as tf from '@tensorflow/tfjs-core';

/** What of wasm's backend a kernel in plain JavaScript needs. */
interface WasmBackend {
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
  /** The numbers where they lie, until memory is made anew. */
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array;
}

interface PoolAttributes {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * Gradient of the maximum over windows in one pass over the output: what a window's output got goes to the first of its
 * largest pixels. tfjs' own kernel looks from each pixel of the input for the windows that it may have won, four times as
 * long for windows of 2x2.
 */
export function maxPoolGradient(
  { dy, input }: tf.NamedTensorInfoMap,
  { filterSize, strides, pad, dimRoundingMode }: PoolAttributes,
  backend: WasmBackend,
): tf.TensorInfo {
  const shape = input!.shape as [number, number, number, number];
  const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth } = info;
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  const result = backend.makeOutput(shape, 'float32');
  const dx = backend.typedArrayFromHeap(result).fill(0);
  const x = backend.typedArrayFromHeap(input!);
  const gradients = backend.typedArrayFromHeap(dy!);
  let at = 0;
  for (let image = 0; image < batchSize; image++)
    for (let y = 0; y < outHeight; y++) {
      const top = y * strideHeight - padInfo.top;
      const [fromRow, toRow] = [Math.max(0, top), Math.min(inHeight, top + filterHeight)];
      for (let column = 0; column < outWidth; column++) {
        const left = column * strideWidth - padInfo.left;
        const [fromColumn, toColumn] = [Math.max(0, left), Math.min(inWidth, left + filterWidth)];
        const first = (image * inHeight + fromRow) * inWidth + fromColumn;
        for (let channel = 0; channel < inChannels; channel++) {
          let largest = first * inChannels + channel;
          for (let row = fromRow; row < toRow; row++) {
            let pixel = ((image * inHeight + row) * inWidth + fromColumn) * inChannels + channel;
            for (let from = fromColumn; from < toColumn; from++, pixel += inChannels)
              if (x[pixel]! > x[largest]!) largest = pixel;
          }
          dx[largest]! += gradients[at++]!;
        }
      }
    }
  return result;
}
