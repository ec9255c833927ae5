import type { Shape } from './region.js';

/** Name of a layer, network, device, piece, task or message. */
export type Id = string;

/**
 * Zeros around a map: `same` as TensorFlow does it (output = ceil(input / stride), the odd zero at the end),
 * `valid` for none, or explicit counts.
 */
export type Padding =
  | 'same'
  | 'valid'
  | { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };

export type ActivationFunction = 'relu' | 'relu6' | 'leakyRelu' | 'sigmoid' | 'tanh';

interface Common {
  readonly id: Id;
  readonly inputs: readonly Id[];
}

/** The sliding window of a convolution or a pool. */
export interface Window {
  readonly kernel: readonly [height: number, width: number];
  readonly stride: readonly [height: number, width: number];
  readonly padding: Padding;
}

export interface Input extends Common {
  readonly kind: 'input';
  readonly shape: Shape;
}
/** Convolution; `groups` divides both input channels and filters. */
export interface Conv2d extends Common, Window {
  readonly kind: 'conv2d';
  readonly filters: number;
  readonly groups: number;
  readonly bias: boolean;
}
export interface DepthwiseConv2d extends Common, Window {
  readonly kind: 'depthwiseConv2d';
  /** Outputs a channel. */
  readonly multiplier: number;
  readonly bias: boolean;
}
export interface Dense extends Common {
  readonly kind: 'dense';
  readonly units: number;
  readonly bias: boolean;
}
export interface BatchNorm extends Common {
  readonly kind: 'batchNorm';
  readonly epsilon: number;
}
export interface Activation extends Common {
  readonly kind: 'activation';
  readonly function: ActivationFunction;
  /** Slope below zero of `leakyRelu`. */
  readonly alpha?: number;
}
export interface MaxPool extends Common, Window {
  readonly kind: 'maxPool';
}
export interface AvgPool extends Common, Window {
  readonly kind: 'avgPool';
}
export interface GlobalAvgPool extends Common {
  readonly kind: 'globalAvgPool';
}
export interface Add extends Common {
  readonly kind: 'add';
}
/** Concatenation along the channels. */
export interface Concat extends Common {
  readonly kind: 'concat';
}
export interface Flatten extends Common {
  readonly kind: 'flatten';
}
export interface Softmax extends Common {
  readonly kind: 'softmax';
}
/** Every block of `block` x `block` pixels becomes one pixel of `block`² times the channels (YOLOv2's passthrough). */
export interface SpaceToDepth extends Common {
  readonly kind: 'spaceToDepth';
  readonly block: number;
}
/** Nearest or bilinear enlargement by whole factors. */
export interface Upsample extends Common {
  readonly kind: 'upsample';
  readonly factor: readonly [height: number, width: number];
  readonly interpolation: 'nearest' | 'bilinear';
}

export type Layer =
  | Input
  | Conv2d
  | DepthwiseConv2d
  | Dense
  | BatchNorm
  | Activation
  | MaxPool
  | AvgPool
  | GlobalAvgPool
  | Add
  | Concat
  | Flatten
  | Softmax
  | SpaceToDepth
  | Upsample;

export type LayerKind = Layer['kind'];
