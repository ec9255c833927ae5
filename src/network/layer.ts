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

/** A function of one number. `alpha` and `beta` of some stand in the layer; see `Activation`. */
export type ActivationFunction =
  | 'relu'
  | 'relu6'
  | 'leakyRelu'
  | 'sigmoid'
  | 'tanh'
  | 'elu'
  | 'selu'
  | 'hardSigmoid'
  | 'hardSwish'
  | 'swish'
  | 'gelu'
  | 'geluTanh'
  | 'softplus'
  | 'softsign'
  | 'mish'
  | 'clip'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'square'
  | 'reciprocal'
  | 'abs'
  | 'negate'
  | 'erf';

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

/** Steps between the taps of a window, 1 where left out. Stride and dilation above 1 exclude each other, as in TensorFlow. */
export interface Dilated {
  readonly dilation?: readonly [height: number, width: number];
}

export interface Input extends Common {
  readonly kind: 'input';
  readonly shape: Shape;
}
/** Convolution; `groups` divides both input channels and filters. */
export interface Conv2d extends Common, Window, Dilated {
  readonly kind: 'conv2d';
  readonly filters: number;
  readonly groups: number;
  readonly bias: boolean;
}
export interface DepthwiseConv2d extends Common, Window, Dilated {
  readonly kind: 'depthwiseConv2d';
  /** Outputs a channel. */
  readonly multiplier: number;
  readonly bias: boolean;
}
/**
 * Transposed convolution (the gradient of a convolution): output = (input - 1) * stride + kernel + outputPadding -
 * padding, or input * stride with `same`.
 */
export interface ConvTranspose2d extends Common, Window {
  readonly kind: 'convTranspose2d';
  readonly filters: number;
  readonly groups: number;
  readonly bias: boolean;
  /** Rows and columns added at the end, below the stride; none where left out. */
  readonly outputPadding?: readonly [height: number, width: number];
}
/**
 * ChannelNets' convolution along the channels (Gao, Wang and Ji, NeurIPS 2018): a window of `depth` channels, and of
 * `kernel` pixels, slides over the map as over a volume. Each of `filters` gives its own channels, one filter after
 * the other: 1 is the channel-wise convolution, several with a stride as large are the grouped one, and a window over
 * all pixels is the convolutional classification layer.
 */
export interface ChannelConv2d extends Common, Window {
  readonly kind: 'channelConv2d';
  readonly filters: number;
  readonly depth: number;
  readonly depthStride: number;
  readonly depthPadding: 'same' | 'valid';
  readonly bias: boolean;
}
/** Fully connected over all elements of its input, which may be of any shape; the output is flat. */
export interface Dense extends Common {
  readonly kind: 'dense';
  readonly units: number;
  readonly bias: boolean;
}
export interface BatchNorm extends Common {
  readonly kind: 'batchNorm';
  readonly epsilon: number;
  /** Whether it learns a scale (gamma); it does where this is left out. */
  readonly scale?: boolean;
  /** Whether it learns an offset (beta); it does where this is left out. */
  readonly center?: boolean;
}
/** Normalisation of each pixel over its channels, with a learned scale and offset a channel. */
export interface LayerNorm extends Common {
  readonly kind: 'layerNorm';
  readonly epsilon: number;
}
/** x / (bias + alpha * sum of squares over `size` neighbouring channels) ^ beta (AlexNet, section 3.3). */
export interface LocalResponseNorm extends Common {
  readonly kind: 'localResponseNorm';
  /** Odd: the channel itself and as many on either side. */
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
}
export interface Activation extends Common {
  readonly kind: 'activation';
  readonly function: ActivationFunction;
  /** Slope of `leakyRelu` below zero (0.3 where left out), scale of `elu` (1), slope of `hardSigmoid` (0.2), least of `clip`. */
  readonly alpha?: number;
  /** Offset of `hardSigmoid` (0.5 where left out), most of `clip`. */
  readonly beta?: number;
}
/** ReLU with a learned slope below zero: one a channel, or one in all. */
export interface Prelu extends Common {
  readonly kind: 'prelu';
  readonly perChannel: boolean;
  /** Whether each pixel has slopes of its own besides, as in Keras where no axes are shared; not where left out. */
  readonly perPixel?: boolean;
}
export interface MaxPool extends Common, Window {
  readonly kind: 'maxPool';
}
export interface AvgPool extends Common, Window {
  readonly kind: 'avgPool';
  /** Whether the zeros around the map count in the mean; they do not where this is left out. */
  readonly countPadding?: boolean;
}
export interface GlobalAvgPool extends Common {
  readonly kind: 'globalAvgPool';
}
export interface GlobalMaxPool extends Common {
  readonly kind: 'globalMaxPool';
}
/**
 * Element by element over two or more maps, from the left. Along each axis an input is as long as the output or 1, and
 * then repeated: 1x1xC scales channels (squeeze-and-excite), 1x1x1 is a number.
 */
export interface Elementwise extends Common {
  readonly kind: 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum';
}
/** Concatenation, along the channels where no axis is given. */
export interface Concat extends Common {
  readonly kind: 'concat';
  readonly axis?: 'rows' | 'columns' | 'channels';
}
/** The part from `begin` of so many rows, columns and channels, each `step`th (1 where left out). A split is several of these. */
export interface Slice extends Common {
  readonly kind: 'slice';
  readonly begin: Shape;
  readonly size: Shape;
  readonly step?: Shape;
}
/** ShuffleNet's exchange between groups: channel `g * n + i` of `groups` times n goes to `i * groups + g`. */
export interface ChannelShuffle extends Common {
  readonly kind: 'channelShuffle';
  readonly groups: number;
}
export interface Flatten extends Common {
  readonly kind: 'flatten';
}
/** The same numbers in the same order (row, column, channel) in another shape; also a squeeze or an unsqueeze. */
export interface Reshape extends Common {
  readonly kind: 'reshape';
  readonly shape: Shape;
}
/** The identity: nothing is dropped after training. */
export interface Dropout extends Common {
  readonly kind: 'dropout';
  readonly rate?: number;
}
/** Axis i of the output (height, width, channels) is axis `permutation[i]` of the input. */
export interface Transpose extends Common {
  readonly kind: 'transpose';
  readonly permutation: readonly [number, number, number];
}
export interface Pad extends Common {
  readonly kind: 'pad';
  readonly rows: readonly [before: number, after: number];
  readonly columns: readonly [before: number, after: number];
  readonly channels: readonly [before: number, after: number];
  /** A number everywhere, or the map mirrored at its border pixels, which are not repeated. */
  readonly mode: 'constant' | 'reflect';
  /** The number of `constant`; 0 where left out. */
  readonly value?: number;
}
/** Numbers `[height, width, channels]` that the network carries without learning them; not counted as parameters. */
export interface Constant extends Common {
  readonly kind: 'constant';
  readonly shape: Shape;
  readonly values: readonly number[];
}
/**
 * Product of two matrices of activations, height by height: `[h, n, k]` times `[h, k, m]` (or `[h, m, k]` with
 * `transposeB`) gives `[h, n, m]`. A product with learned numbers is a `dense` layer or a 1x1 convolution.
 */
export interface MatMul extends Common {
  readonly kind: 'matmul';
  readonly transposeB: boolean;
}
/** A row of a learned table for each number of its input: n numbers of any shape give `[1, n, units]`. */
export interface Embedding extends Common {
  readonly kind: 'embedding';
  readonly vocabulary: number;
  readonly units: number;
}
export interface Softmax extends Common {
  readonly kind: 'softmax';
}
/** Every block of `block` x `block` pixels becomes one pixel of `block`² times the channels (YOLOv2's passthrough). */
export interface SpaceToDepth extends Common {
  readonly kind: 'spaceToDepth';
  readonly block: number;
}
/** Every pixel becomes `block` x `block` pixels with `block`² times fewer channels. */
export interface DepthToSpace extends Common {
  readonly kind: 'depthToSpace';
  readonly block: number;
  /** Where the place in the block stands in a channel's index: `first` as in TensorFlow, `last` as in PyTorch's pixel shuffle. */
  readonly order: 'first' | 'last';
}
/** Nearest or bilinear enlargement by whole factors. */
export interface Upsample extends Common {
  readonly kind: 'upsample';
  readonly factor: readonly [height: number, width: number];
  readonly interpolation: 'nearest' | 'bilinear';
}
/** Nearest or bilinear change of size. */
export interface Resize extends Common {
  readonly kind: 'resize';
  readonly size: readonly [height: number, width: number];
  readonly interpolation: 'nearest' | 'bilinear';
  /** Which places of the input and the output coincide: centres of pixels at half, the corners' centres, or the origin. */
  readonly coordinates: 'halfPixel' | 'alignCorners' | 'asymmetric';
}

export type Layer =
  | Input
  | Conv2d
  | DepthwiseConv2d
  | ConvTranspose2d
  | ChannelConv2d
  | Dense
  | MatMul
  | Embedding
  | BatchNorm
  | LayerNorm
  | LocalResponseNorm
  | Activation
  | Prelu
  | MaxPool
  | AvgPool
  | GlobalAvgPool
  | GlobalMaxPool
  | Elementwise
  | Concat
  | Slice
  | ChannelShuffle
  | Flatten
  | Reshape
  | Dropout
  | Transpose
  | Pad
  | Constant
  | Softmax
  | SpaceToDepth
  | DepthToSpace
  | Upsample
  | Resize;

export type LayerKind = Layer['kind'];
