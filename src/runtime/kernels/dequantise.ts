import * as tf from '@tensorflow/tfjs-core';

/** Value of every byte of an image: v / 255. */
const values = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/** Bytes `[height, width, channels]` of an image as a map of numbers in 0..1. */
export function dequantise(bytes: Uint8Array, height: number, width: number, channels: number): tf.Tensor4D {
  const numbers = new Float32Array(bytes.length);
  for (let index = 0; index < bytes.length; index++) numbers[index] = values[bytes[index]!]!;
  return tf.tensor4d(numbers, [1, height, width, channels]);
}

/** Numbers in 0..1 as bytes: round(255 v), with what lies outside brought to the nearest end. */
export function quantise(numbers: Float32Array): Uint8Array {
  const bytes = new Uint8ClampedArray(numbers.length);
  for (let index = 0; index < numbers.length; index++) bytes[index] = Math.round(255 * numbers[index]!);
  return new Uint8Array(bytes.buffer);
}
