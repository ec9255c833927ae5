import type { BackendName } from '../../../runtime/index.js';
import { composedKernels } from './composed.js';
import type { TrainingKernels } from './kernels.js';
import { nativeKernels } from './native.js';

/** The fastest differentiable kernels of a backend. */
export function trainingKernels(backend: BackendName): TrainingKernels {
  return backend === 'tfjs-node' ? nativeKernels : composedKernels;
}
