import { root } from '../steps.mjs';
import { reasonOf, tell } from './tell.mjs';

/** Runs in a process of its own, as libraries that do not fit may end it: a convolution with a known result, then its speed. */
const script = `
const tf = require('@tensorflow/tfjs-node');
const ones = tf.conv2d(tf.ones([1, 5, 5, 2]), tf.ones([3, 3, 2, 1]), 1, 'valid').dataSync();
if (ones.length !== 9 || ones.some((value) => value !== 18)) throw new Error('a convolution gives wrong numbers');
const [x, w] = [tf.ones([1, 56, 56, 64]), tf.ones([3, 3, 64, 64])];
let least = Infinity;
for (let run = 0; run < 20; run++) {
  const begun = performance.now();
  tf.conv2d(x, w, 1, 'same').dispose();
  least = Math.min(least, performance.now() - begun);
}
console.log('GFLOP/s ' + (2 * 56 * 56 * 9 * 64 * 64) / least / 1e6);
`;

/** Whether the installed kernels work: their GFLOP/s, or what is wrong. */
export async function trial() {
  try {
    const written = await tell(process.execPath, ['-e', script], root, {
      env: { TF_NUM_INTRAOP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '2' },
      seconds: 120,
    });
    return { rate: Number(/GFLOP\/s (\S+)/.exec(written)[1]) };
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}
