import type { BackendName } from '../../../runtime/index.js';
import { registerAllGradients } from './all-gradients.js';
import { composedKernels } from './composed.js';
import type { TrainingKernels } from './kernels.js';
import { nativeKernels } from './native.js';
import { wasmKernels } from './wasm.js';
import { registerWasmGradients } from './wasm-gradients.js';

/** The fastest differentiable kernels of a backend; whoever takes gradients by tfjs' own functions asks for them first. */
export function trainingKernels(backend: BackendName): TrainingKernels {
  registerAllGradients();
  switch (backend) {
    case 'tfjs-node':
      return nativeKernels;
    case 'tfjs-wasm':
      registerWasmGradients();
      return wasmKernels;
    case 'tfjs-cpu':
      return composedKernels;
  }
}
