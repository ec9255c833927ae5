import * as tf from '@tensorflow/tfjs-core';
import type { Normalised, TrainingKernels } from './kernels.js';

/** What of tfjs-node's backend these kernels need: it runs one operation of TensorFlow. */
interface NativeBackend {
  readonly binding: Readonly<
    Record<'TF_ATTR_TYPE' | 'TF_ATTR_FLOAT' | 'TF_ATTR_STRING' | 'TF_ATTR_BOOL' | 'TF_FLOAT', number>
  >;
  executeSingleOutput(name: string, attributes: object[], inputs: tf.Tensor[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: object[],
    inputs: tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

/**
 * TensorFlow's own gradient kernels, called by name: tfjs composes the gradients of ReLU and batch normalisation of many
 * small operations, which takes longer than the convolutions between them.
 */
export const nativeKernels: TrainingKernels = {
  relu: tf.customGrad((x, save) => {
    const output = tf.relu(x as tf.Tensor);
    (save as tf.GradSaveFunc)([output]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      backend().executeSingleOutput('ReluGrad', [typeAttribute('T')], [dy, saved[0]!]);
    return { value: output, gradFunc };
  }) as (x: tf.Tensor4D) => tf.Tensor4D,

  batchNorm(x, gamma, beta, epsilon): Normalised {
    const statistics: tf.Tensor[] = [];
    const normalise = tf.customGrad((...operands) => {
      const [input, scale, offset, save] = operands as unknown as [
        tf.Tensor4D,
        tf.Tensor1D,
        tf.Tensor1D,
        tf.GradSaveFunc,
      ];
      const empty = tf.tensor1d([], 'float32');
      const [output, mean, variance, ...reserved] = backend().executeMultipleOutputs(
        'FusedBatchNormV3',
        normAttributes(epsilon),
        [input, scale, offset, empty, empty],
        6,
      );
      // TensorFlow gives the unbiased variance; gradients and evaluation want the plain one, which it reserved.
      statistics.push(tf.keep(tf.clone(mean!)), tf.keep(tf.clone(variance!)));
      save([input, scale, ...reserved]);
      const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
        backend()
          .executeMultipleOutputs('FusedBatchNormGradV3', normAttributes(epsilon), [dy, ...saved], 5)
          .slice(0, 3);
      return { value: output!, gradFunc };
    });
    const output = normalise(x, gamma, beta) as tf.Tensor4D;
    const [mean, unbiased] = statistics as [tf.Tensor1D, tf.Tensor1D];
    const count = x.size / x.shape[3];
    const variance = tf.keep(tf.mul(unbiased, (count - 1) / count)) as tf.Tensor1D;
    unbiased.dispose();
    return { output, mean, variance };
  },
};

function backend(): NativeBackend {
  return tf.backend() as unknown as NativeBackend;
}

function typeAttribute(name: string) {
  const { binding } = backend();
  return { name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
}

function normAttributes(epsilon: number): object[] {
  const { binding } = backend();
  return [
    typeAttribute('T'),
    typeAttribute('U'),
    { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: binding.TF_ATTR_BOOL, value: true },
  ];
}
