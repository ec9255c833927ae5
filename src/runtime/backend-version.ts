import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BackendName } from './backend.js';

const packages: Readonly<Record<BackendName, string>> = {
  'tfjs-wasm': '@tensorflow/tfjs-backend-wasm',
  'tfjs-cpu': '@tensorflow/tfjs-backend-cpu',
  'tfjs-node': '@tensorflow/tfjs-node',
};

/** Version of the package that has a backend's kernels; null where it is not installed. */
export function backendVersion(name: BackendName): string | null {
  try {
    const file = createRequire(import.meta.url).resolve(`${packages[name]}/package.json`);
    return String((JSON.parse(readFileSync(file, 'utf8')) as { version: unknown }).version);
  } catch {
    return null;
  }
}
