import * as tf from '@tensorflow/tfjs-core';
import { lowerWhole } from '../dist/kernel/index.js';
import { drawnWeights, foldUnit } from '../dist/runtime/index.js';

/**
 * A network as its bare calls of tfjs: a list of closures with every argument ready, run from first to last. It makes
 * the calls that nonn's runtime makes, and nothing else.
 * @returns `run(input)`, which gives the output's numbers, and `dispose()`.
 */
export function bareNetwork(network, seed) {
  const { steps, writes } = lowerWhole(network);
  const weights = drawnWeights(seed);
  const kept = [];
  const keep = (tensor) => {
    kept.push(tensor);
    return tensor;
  };
  const calls = steps.map((step) => callOf(network, step, foldUnit(network, step.unit, weights), keep));
  const last = new Map(steps.flatMap(({ inputs }, time) => inputs.map((input) => [input, time])));
  const freed = steps.map((_, time) => [...last].filter(([, at]) => at === time).map(([input]) => input));
  const outputs = steps.map(({ output }) => output);
  const shape = [1, ...network.shapes.get(network.inputs[0])];
  return {
    run(input) {
      const made = [tf.tensor4d(input, shape)];
      for (let time = 0; time < calls.length; time++) {
        made[outputs[time]] = calls[time](made);
        for (const index of freed[time]) made[index].dispose();
      }
      const numbers = made[writes[0]].dataSync();
      made[writes[0]].dispose();
      return numbers;
    },
    dispose: () => tf.dispose(kept),
  };
}

const pools = { maxPool: tf.maxPool, avgPool: tf.avgPool };
const activations = { relu: tf.relu, relu6: tf.relu6, tanh: tf.tanh, sigmoid: tf.sigmoid };

/** The call of one step, from the tensors that were made before. */
function callOf(network, { unit, inputs, kernel }, { kernel: numbers, bias: offsets, norm }, keep) {
  const [first, second] = inputs;
  if (kernel === null) {
    const shape = [1, ...network.shapes.get(unit.output)];
    return (made) => tf.reshape(made[first], shape);
  }
  const { family, shape } = kernel;
  const strides = [shape.strideHeight, shape.strideWidth];
  const pad = [
    [0, 0],
    [shape.padTop, shape.padBottom],
    [shape.padLeft, shape.padRight],
    [0, 0],
  ];
  const { anchor, fused } = unit;
  const bias = offsets === undefined ? undefined : keep(tf.tensor1d(offsets));
  const activation = (fused?.function ?? 'linear').toLowerCase();
  switch (family) {
    case 'conv2d': {
      const filter = keep(tf.tensor4d(numbers, [...anchor.kernel, shape.channels, shape.filters]));
      return (made) =>
        tf.fused.conv2d({ x: made[first], filter, bias, strides, pad, dimRoundingMode: 'floor', activation });
    }
    case 'depthwiseConv2d': {
      const filter = keep(tf.tensor4d(numbers, [...anchor.kernel, shape.channels, shape.multiplier]));
      return (made) =>
        tf.fused.depthwiseConv2d({
          x: made[first],
          filter,
          bias,
          strides,
          pad,
          dimRoundingMode: 'floor',
          activation,
        });
    }
    case 'dense': {
      const b = keep(tf.tensor2d(numbers, [shape.inputs, shape.units]));
      return (made) =>
        tf.tidy(() => {
          const a = tf.reshape(made[first], [1, shape.inputs]);
          return tf.reshape(tf.fused.matMul({ a, b, bias, activation }), [1, 1, 1, shape.units]);
        });
    }
    case 'maxPool':
    case 'avgPool': {
      const size = [shape.kernelHeight, shape.kernelWidth];
      const pool = pools[family];
      return (made) => pool(made[first], size, strides, pad, 'floor');
    }
    case 'globalAvgPool':
      return (made) => tf.avgPool(made[first], [shape.height, shape.width], 1, 'valid');
    case 'add':
      return (made) => tf.add(made[first], made[second]);
    case 'activation': {
      const curve = activations[anchor.function];
      return (made) => curve(made[first]);
    }
    case 'batchNorm': {
      const of = (name) => keep(tf.tensor1d(norm[name]));
      const [mean, variance, beta, gamma] = ['movingMean', 'movingVariance', 'beta', 'gamma'].map(of);
      return (made) => tf.batchNorm(made[first], mean, variance, beta, gamma, anchor.epsilon);
    }
    case 'concat':
      return (made) =>
        tf.concat(
          inputs.map((input) => made[input]),
          3,
        );
    case 'softmax':
      return (made) => tf.softmax(made[first]);
    default:
      throw new Error(`bench overhead: found a kernel of family ${family}, expected one with a bare call`);
  }
}
