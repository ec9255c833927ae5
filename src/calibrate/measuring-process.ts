// Run as a process of its own: measuring-process.js BACKEND THREADS SEED WARM_UP_SECONDS. Measures what it is asked for,
// one request after the other, and answers each with seconds.
import { NonnError } from '../foundation/index.js';
import { type BackendName, least, openBackend, timeKernels, warmUp } from '../runtime/index.js';
import { visitNetwork } from './measure-networks.js';
import type { MeasuringComplaint, MeasuringRequest } from './measurer.js';
import { warmUpKernels } from './sample.js';

const [name, threads, seed, seconds] = process.argv.slice(2);
try {
  const backend = await openBackend(name as BackendName, { threads: Number(threads) });
  warmUp(warmUpKernels(), Number(seconds));
  process.on('message', (request: MeasuringRequest) => {
    try {
      answer(
        'kernels' in request
          ? timeKernels(request.kernels, request.rounds).map(least)
          : visitNetwork(Number(seed), request.network, backend),
      );
    } catch (error) {
      answer(complaintOf(error));
    }
  });
  // Whoever asked may have been killed.
  process.on('disconnect', () => process.exit());
  answer('ready');
} catch (error) {
  answer(complaintOf(error));
}

/** What is wrong with what was asked for, for the one who asked; anything else ends the process. */
function complaintOf(error: unknown): MeasuringComplaint {
  if (error instanceof NonnError) return { complaint: error.message };
  throw error;
}

/** An answer that nobody waits for any more is no error. */
function answer(message: unknown): void {
  process.send!(message, undefined, undefined, () => {});
}
