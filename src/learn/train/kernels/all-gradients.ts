import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Registers tfjs' gradients, which its core leaves out in Node.js: its layers bring them (and so does tfjs-node), for the
 * registry that all of tfjs shares. Loaded here, since only training needs them.
 */
export function registerAllGradients(): void {
  if (tf.getGradient('Conv2D') !== undefined) return;
  createRequire(import.meta.url)('@tensorflow/tfjs-layers');
}
