import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NonnError } from '../foundation/index.js';
import type { Kernel } from '../kernel/index.js';
import { type Backend, least, type Rounds, timeKernels } from '../runtime/index.js';
import { type NetworkSample, visitNetwork } from './measure-networks.js';

/** What measures kernels and whole networks. */
export interface Measurer {
  /** Least seconds of each kernel. */
  kernels(kernels: readonly Kernel[], rounds: Rounds): Promise<readonly number[]>;
  /** Runs the whole network of an index for a while. */
  network(index: number): Promise<NetworkSample>;
  close(): void;
}

/** What a process that measures is asked for. */
export type MeasuringRequest =
  | { readonly kernels: readonly Kernel[]; readonly rounds: Rounds }
  | { readonly network: number };

/** What it answers where it cannot measure that. */
export interface MeasuringComplaint {
  readonly complaint: string;
}

/** What processes that measure have in common. */
export interface MeasuringOptions {
  readonly backend: Backend;
  readonly seed: number;
  /** Seconds that a process warms up for. */
  readonly warmUpSeconds: number;
}

/**
 * Kernels of different shapes that one process measures. An inference knows the few dozen of its network. Native kernels are
 * made for each shape and kept, a thousand of them, and what that leaves of the heap makes every call of a convolution or
 * pooling slower, by 3 to 12 µs after some thousands of shapes; up to here it was hardly to be seen.
 */
const MOST_SHAPES = 1000;

/**
 * Measures in processes of their own: kernels in one that is replaced before it has met many more shapes than a process that
 * runs a few networks, whole networks in one that runs nothing else and is kept, since V8 compiles what an inference does
 * again and again in its first second. In this process where others cannot be started, since nothing is built.
 */
export function measurerOf(options: MeasuringOptions): Measurer {
  const file = processFile();
  return file === undefined ? ownMeasurer(options) : processesMeasurer(file, options);
}

function processesMeasurer(file: string, options: MeasuringOptions): Measurer {
  const ofKernels = new MeasuringProcess(file, options);
  const ofNetworks = new MeasuringProcess(file, options);
  const shapes = new Set<string>();
  return {
    async kernels(kernels, rounds) {
      const met = kernels.filter(({ key }) => !shapes.has(key)).length;
      if (shapes.size > 0 && shapes.size + met > MOST_SHAPES) {
        ofKernels.end();
        shapes.clear();
      }
      for (const { key } of kernels) shapes.add(key);
      return (await ofKernels.ask({ kernels, rounds })) as readonly number[];
    },
    async network(index) {
      return (await ofNetworks.ask({ network: index })) as NetworkSample;
    },
    close() {
      ofKernels.end();
      ofNetworks.end();
    },
  };
}

/** A process that is started when it is first asked something, and again after it was ended. */
class MeasuringProcess {
  readonly #file: string;
  readonly #options: MeasuringOptions;
  #process: ChildProcess | undefined;

  constructor(file: string, options: MeasuringOptions) {
    this.#file = file;
    this.#options = options;
  }

  async ask(request: MeasuringRequest): Promise<unknown> {
    this.#process ??= await this.#start();
    const answer = answerOf(this.#process);
    this.#process.send(request);
    return answer;
  }

  end(): void {
    this.#process?.kill();
    this.#process = undefined;
  }

  async #start(): Promise<ChildProcess> {
    const { backend, seed, warmUpSeconds } = this.#options;
    const started = fork(this.#file, [backend.name, backend.threads, seed, warmUpSeconds].map(String), {
      execArgv: [],
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await answerOf(started);
    return started;
  }
}

/** The next message of a process. @throws NonnError if it ends before, or complains. */
async function answerOf(child: ChildProcess): Promise<unknown> {
  const stop = new AbortController();
  const ended = once(child, 'exit', stop).then(([code, signal]) => {
    throw new NonnError(
      `measuring: found that the process that measures ended (${signal ?? `code ${code}`}), expected it to answer`,
    );
  });
  try {
    const [answer] = await Promise.race([once(child, 'message', stop), ended]);
    if (isComplaint(answer)) throw new NonnError(answer.complaint);
    return answer;
  } finally {
    // What still waits is told that it need not, and that is no error.
    ended.catch(() => {});
    stop.abort();
  }
}

function isComplaint(answer: unknown): answer is MeasuringComplaint {
  return typeof answer === 'object' && answer !== null && 'complaint' in answer;
}

function ownMeasurer({ backend, seed }: MeasuringOptions): Measurer {
  return {
    kernels: async (kernels, rounds) => timeKernels(kernels, rounds).map(least),
    network: async (index) => visitNetwork(seed, index, backend),
    close: () => {},
  };
}

/** The compiled process, beside this file or, where the sources run, in the build. */
function processFile(): string | undefined {
  return ['./measuring-process.js', '../../dist/calibrate/measuring-process.js']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find(existsSync);
}
