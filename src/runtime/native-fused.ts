import * as tf from '@tensorflow/tfjs-core';

/** What of tfjs-node's backend these kernels need. */
interface NativeBackend {
  applyActivation(x: tf.Tensor, name: string, slopes: tf.TensorInfo | undefined, alpha: number): tf.Tensor;
}

/** A call of a kernel; activation and slopes are only there for fused ones. */
interface Call {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly backend: NativeBackend;
}

/**
 * tfjs-node composes its fused kernels of a product, an addition and an activation, and frees all results at the end. These
 * do the same operations, and free each result as soon as the next is made from it: one map less lives at the peak.
 */
export function registerNativeFused(): void {
  fuse('FusedConv2D', 'Conv2D', ['x', 'filter']);
  fuse('FusedDepthwiseConv2D', 'DepthwiseConv2dNative', ['x', 'filter']);
  fuse('_FusedMatMul', 'BatchMatMul', ['a', 'b']);
}

function fuse(kernelName: string, product: string, factors: readonly string[]): void {
  const run = tf.getKernel(product, 'tensorflow').kernelFunc as unknown as (call: Call) => tf.Tensor;
  tf.unregisterKernel(kernelName, 'tensorflow');
  tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: (call) => {
      const { inputs, attrs, backend } = call as unknown as Call;
      const { bias, preluActivationWeights } = inputs;
      const { activation, leakyreluAlpha } = attrs as { activation?: string; leakyreluAlpha: number };
      const made = run({
        inputs: Object.fromEntries(factors.map((name) => [name, inputs[name]!])),
        attrs,
        backend,
      });
      const moved = bias === undefined ? made : replaced(made, (x) => tf.add(x, bias as tf.Tensor));
      if (activation === undefined || activation === 'linear') return moved;
      return replaced(moved, (x) =>
        backend.applyActivation(x, activation, preluActivationWeights, leakyreluAlpha),
      );
    },
  });
}

/** What is made from a tensor, which is freed. */
function replaced(x: tf.Tensor, make: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  const made = make(x);
  x.dispose();
  return made;
}
