import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { NonnError } from '../foundation/index.js';
import { registerNativeFused } from './native-fused.js';
import { registerNativeKernels } from './native-kernels.js';

/** Versions of Node.js for which the package is made. */
const NODE_VERSIONS = ['20', '22'];
const PACKAGE = '@tensorflow/tfjs-node';
const require = createRequire(import.meta.url);

/** Threads of the native kernels in this process, once they are loaded. */
let loadedThreads: number | undefined;

/**
 * Loads TensorFlow's native kernels (an optional peer dependency) into tfjs, under its name `tensorflow`.
 * @param threads that a kernel may use; by default those of TF_NUM_INTRAOP_THREADS, else one. The library reads it when
 * it is loaded, so a process has one such number.
 * @returns the number of threads.
 * @throws NonnError if the package is not installed, does not load, or was loaded with other threads.
 */
export async function loadNative(threads: number | undefined): Promise<number> {
  if (loadedThreads === undefined) {
    loadedThreads = setThreads(threads);
    try {
      await importPackage();
    } catch (error) {
      loadedThreads = undefined;
      throw error;
    }
    registerNativeKernels();
    registerNativeFused();
  }
  if (threads !== undefined && threads !== loadedThreads)
    throw new NonnError(
      `threads: found ${threads}, expected ${loadedThreads}, with which this process loaded the native kernels`,
    );
  return loadedThreads;
}

function setThreads(threads: number | undefined): number {
  const given = Number(process.env['TF_NUM_INTRAOP_THREADS']);
  const wanted = threads ?? (Number.isSafeInteger(given) && given > 0 ? given : 1);
  // The environment of a worker is a copy, which the library does not see.
  if (!isMainThread && wanted !== given)
    throw new NonnError(
      `threads: found a worker without TF_NUM_INTRAOP_THREADS=${wanted}, expected the process to set it before it starts workers`,
    );
  process.env['TF_NUM_INTRAOP_THREADS'] = String(wanted);
  process.env['OMP_NUM_THREADS'] = String(wanted);
  // One kernel after the other, as on the other backends.
  process.env['TF_NUM_INTEROP_THREADS'] = '1';
  // Advice and warnings of the library would land among progress and logs.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  return wanted;
}

async function importPackage(): Promise<void> {
  const version = process.versions.node;
  if (!NODE_VERSIONS.includes(version.split('.')[0]!))
    throw new NonnError(
      `backend tfjs-node: found Node.js ${version}, expected ${NODE_VERSIONS.join(' or ')}`,
    );
  if (!isInstalled())
    throw new NonnError(
      `backend tfjs-node: found that ${PACKAGE} is not installed, expected it ("npm run native" installs it)`,
    );
  const warn = console.warn;
  try {
    // It warns that Node's platform is set twice, which is harmless.
    console.warn = () => {};
    // The package calls a function of Node.js that Node.js 22 warns of on stderr.
    const util = require('node:util') as { isNullOrUndefined: (value: unknown) => boolean };
    util.isNullOrUndefined = (value) => value === null || value === undefined;
    // The name stays out of the types: a project without native kernels has no such module.
    await import(PACKAGE as string);
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new NonnError(
      `backend tfjs-node: found that it does not load (${reason!.trim()}), expected a built library ("npm run native" makes it)`,
    );
  } finally {
    console.warn = warn;
  }
  if (tf.findBackendFactory('tensorflow') === null)
    throw new NonnError(
      `backend tfjs-node: found that ${PACKAGE} brings a TensorFlow.js of its own, expected one that shares @tensorflow/tfjs-core with nonn ("npm run native" installs it so)`,
    );
}

function isInstalled(): boolean {
  try {
    require.resolve(PACKAGE);
    return true;
  } catch {
    return false;
  }
}
