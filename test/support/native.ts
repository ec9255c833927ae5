import { openBackend } from '../../src/runtime/index.js';

/** Why native kernels cannot be tested here, in words for the name of a skipped test; empty where they can. */
export const withoutNative: string = await openBackend('tfjs-node').then(
  () => '',
  (error: Error) => ` [skipped: ${error.message}]`,
);
