import * as tf from '@tensorflow/tfjs-core';
import { NonnError } from '../../foundation/index.js';
import { activationOfCode } from '../../kernel/index.js';
import { DEFAULT_ALPHA, type Run } from './operands.js';

type Curve = (x: tf.Tensor4D, alpha: number | undefined, beta: number | undefined) => tf.Tensor4D;

/** What has a kernel of its own in the wasm backend uses it; the rest is composed of such kernels. */
const curves: Readonly<Record<string, Curve>> = {
  relu: tf.relu,
  relu6: tf.relu6,
  leakyRelu: (x, alpha = DEFAULT_ALPHA) => tf.leakyRelu(x, alpha),
  sigmoid: tf.sigmoid,
  tanh: tf.tanh,
  elu: (x, alpha = 1) => tf.add(tf.relu(x), tf.mul(alpha, tf.elu(tf.minimum(x, 0)))),
  selu: tf.selu,
  hardSigmoid: (x, alpha = 0.2, beta = 0.5) => tf.clipByValue(tf.add(tf.mul(x, alpha), beta), 0, 1),
  hardSwish: (x) => tf.mul(x, tf.div(tf.relu6(tf.add(x, 3)), 6)),
  swish: (x) => tf.mul(x, tf.sigmoid(x)),
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  geluTanh: (x) => {
    const inner = tf.mul(tf.add(x, tf.mul(tf.mul(x, tf.square(x)), 0.044715)), Math.sqrt(2 / Math.PI));
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
  },
  softplus: tf.softplus,
  softsign: (x) => tf.div(x, tf.add(tf.abs(x), 1)),
  mish: (x) => tf.mul(x, tf.tanh(tf.softplus(x))),
  clip: (x, alpha = -LARGEST, beta = LARGEST) => tf.clipByValue(x, alpha, beta),
  exp: tf.exp,
  log: tf.log,
  sqrt: tf.sqrt,
  square: tf.square,
  reciprocal: tf.reciprocal,
  abs: tf.abs,
  negate: tf.neg,
  erf: tf.erf,
};

/** Activation that stands alone. */
export const activation: Run = (shape, { inputs, alpha, beta }) => {
  const name = activationOfCode(shape['activation']!);
  const curve = curves[name];
  if (curve === undefined)
    throw new NonnError(`kernel activation: found the function "${name}", expected one that can stand alone`);
  return tf.tidy(() => curve(inputs[0]!, alpha, beta));
};

/** ReLU with learned slopes below zero. */
export const prelu: Run = (shape, { inputs, slope }) =>
  tf.tidy(() => {
    const [, height, width, channels] = inputs[0]!.shape;
    const slopes = tf.reshape(
      slope!,
      shape['perPixel'] === 1 ? [1, height, width, channels] : [1, 1, 1, slope!.size],
    );
    return tf.prelu(inputs[0]!, slopes) as tf.Tensor4D;
  });

/** The largest float32. */
const LARGEST = 3.4028234663852886e38;
