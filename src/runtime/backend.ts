import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { complain, NonnError, nearest } from '../foundation/index.js';
import { loadNative } from './native.js';

/** Name of a runtime that executes here, as profiles and `--backend` call it. */
export type BackendName = 'tfjs-node' | 'tfjs-wasm' | 'tfjs-cpu';

export const backendNames: readonly BackendName[] = ['tfjs-wasm', 'tfjs-cpu', 'tfjs-node'];

/** A runtime that is ready: its kernels run at once, in the thread that calls them. */
export interface Backend {
  readonly name: BackendName;
  /** Whether its kernels use vector instructions. */
  readonly simd: boolean;
  /** Threads that a kernel may use. wasm in Node has one, and plain JavaScript as well. */
  readonly threads: number;
}

/** Settings of a backend. */
export interface BackendOptions {
  /** Threads that a kernel may use (1); only `tfjs-node` takes more, and a process has one such number. */
  readonly threads?: number | undefined;
}

/**
 * Opens a backend of TensorFlow.js. The wasm binaries are those inside the installed package: nothing is downloaded.
 * @throws NonnError if the name is unknown, the backend is not installed or does not start on this machine, or cannot
 * have so many threads.
 */
export async function openBackend(name: BackendName, { threads }: BackendOptions = {}): Promise<Backend> {
  if (!backendNames.includes(name)) {
    throw complain({
      path: 'backend',
      found: `"${name}"`,
      expected: `one of ${backendNames.join(', ')}`,
      suggestion: nearest(name, backendNames),
    });
  }
  if (name !== 'tfjs-node' && threads !== undefined && threads !== 1)
    throw complain({
      path: 'threads',
      found: String(threads),
      expected: `1, since ${name} has one thread in Node.js`,
    });
  // Production mode keeps tfjs from writing advice to the console, where results belong.
  tf.enableProdMode();
  const listeners = processListeners();
  if (name === 'tfjs-wasm') setWasmPaths(wasmFolder());
  const loaded = name === 'tfjs-node' ? await loadNative(threads) : 1;
  const started = await tf.setBackend(tfjsName(name)).catch(() => false);
  // The wasm loader takes over the process's handlers of uncaught errors, which are not its business.
  restoreListeners(listeners);
  if (!started)
    throw new NonnError(`backend ${name}: found that it does not start here, expected a working backend`);
  return { name, simd: await hasSimd(name), threads: loaded };
}

/** Makes an open backend the one that runs what follows; tfjs knows one current backend only. */
export function use(backend: Backend): void {
  // For a backend that has been opened, this takes effect before it returns.
  if (tf.getBackend() !== tfjsName(backend.name)) void tf.setBackend(tfjsName(backend.name));
}

/** The library of the native backend picks vector instructions of the processor when it starts. */
async function hasSimd(name: BackendName): Promise<boolean> {
  if (name === 'tfjs-wasm') return (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) === true;
  return name === 'tfjs-node';
}

/** As tfjs calls it. */
function tfjsName(name: BackendName): string {
  return name === 'tfjs-node' ? 'tensorflow' : name.slice('tfjs-'.length);
}

function wasmFolder(): string {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  return join(dirname(entry), '/');
}

const watched = ['uncaughtException', 'unhandledRejection'] as const;

function processListeners() {
  return watched.map((event) => new Set(process.listeners(event as 'uncaughtException')));
}

function restoreListeners(before: readonly ReadonlySet<NodeJS.UncaughtExceptionListener>[]): void {
  watched.forEach((event, index) => {
    for (const listener of process.listeners(event as 'uncaughtException'))
      if (!before[index]!.has(listener)) process.removeListener(event, listener);
  });
}
