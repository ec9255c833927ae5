import { totalmem } from 'node:os';
import { measurerOf, warmUpKernels } from '../calibrate/index.js';
import { type DeviceProfile, predictBatch } from '../device/index.js';
import { complain, formatUnit } from '../foundation/index.js';
import { type Network, namedNetwork } from '../network/index.js';
import { type BackendName, backendNames, openBackend, warmUp } from '../runtime/index.js';
import type { Scenario } from '../scenario/index.js';
import { compare, type Validation } from './compare.js';
import { driftOf, knownKernels } from './drift.js';
import { unseenKernels } from './fresh-kernels.js';
import { kernelVisits, measureInRounds, ROUNDS } from './measured.js';
import { kernelSubjects, networkSubjects, planSubjects } from './subjects.js';

export interface ValidateOptions {
  readonly profile: DeviceProfile;
  readonly seed: number;
  /** So many kernels that the profile has not seen. */
  readonly kernels?: number | undefined;
  /** Networks of the zoo or from files, undivided. */
  readonly networks?: readonly string[] | undefined;
  /** Images that the networks compute at once (1). */
  readonly batch?: number | undefined;
  /** Every candidate, executed in this process. */
  readonly scenario?: Scenario | undefined;
  /** Is told how many measurements of all rounds are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Runs kernels, networks and plans on this machine, in rounds, and compares each with its prediction. A plan is
 * executed in one process, so its prediction is the sum of its tasks, as if one processor did them all; links are not
 * part of it.
 *
 * @throws NonnError for a profile of a runtime that does not run here, if there is nothing to validate, or for a batch that
 * the profile does not know or this machine has no memory for.
 */
export async function validate(options: ValidateOptions): Promise<Validation> {
  const { profile, seed, scenario, batch, kernels = 0, onProgress = () => {} } = options;
  const runtime = runtimeOf(profile);
  const networks = (options.networks ?? []).map((name) => namedNetwork(name));
  if (kernels + networks.length + (scenario?.candidates.length ?? 0) === 0)
    throw complain({
      file: 'validate',
      found: 'nothing to run',
      expected: 'a scenario, --network or --kernels',
    });
  if (batch !== undefined && kernels + (scenario?.candidates.length ?? 0) > 0)
    throw complain({
      file: '--batch',
      found: 'kernels or a scenario to run',
      expected: '--network alone, which batches are of',
    });
  const threads = Math.max(...profile.threads);
  for (const network of networks) checkMemory(profile, threads, network, batch);
  const backend = await openBackend(runtime, { threads });
  warmUp(warmUpKernels());
  const measurer = measurerOf({ backend, seed, warmUpSeconds: WARM_UP_SECONDS });
  try {
    const parts = [
      kernelSubjects(profile, threads, unseenKernels(profile, threads, kernels, seed), measurer),
      networkSubjects(profile, threads, networks, { seed, backend, batch }),
      ...(scenario === undefined ? [] : [planSubjects(profile, threads, scenario, { seed, backend })]),
    ];
    const subjects = parts.flatMap((part) => part.subjects);
    const known = knownKernels(profile, threads, seed);
    const visitsOfKnown = kernelVisits(
      known.map(({ kernel }) => kernel),
      measurer,
    );
    const total = ROUNDS * (known.length + subjects.length);
    const measured = await measureInRounds(
      [...visitsOfKnown, ...parts.flatMap((part) => part.visits)],
      (done) => onProgress(done, total),
    );
    for (const part of parts) part.dispose();
    const drift = driftOf(known, measured);
    return {
      ...compare(profile, threads, subjects, measured.slice(known.length), drift),
      ...(batch === undefined ? {} : { batch }),
    };
  } finally {
    measurer.close();
  }
}

/** As long as the process that measures kernels warms up in a calibration of a minute or more. */
const WARM_UP_SECONDS = 3;

/** A batch that does not fit would end the process while it runs. */
function checkMemory(
  profile: DeviceProfile,
  threads: number,
  network: Network,
  batch: number | undefined,
): void {
  if (batch === undefined) return;
  const { tensorMemory, peakMemory } = predictBatch(profile, threads, network, batch);
  const [needed, there] =
    profile.runtime === 'tfjs-wasm' ? [tensorMemory, WASM_BYTES] : [peakMemory, totalmem()];
  if (needed > there)
    throw complain({
      file: '--batch',
      found: `${batch} images of ${network.id}, which take ${formatUnit(needed, 'bytes')}`,
      expected: `at most ${formatUnit(there, 'bytes')}, which ${profile.runtime} has here`,
    });
}

/** What a wasm module may have, with addresses of 32 bits and tfjs' limit. */
const WASM_BYTES = 2 ** 31;

function runtimeOf({ name, runtime }: DeviceProfile): BackendName {
  const found = backendNames.find((backend) => backend === runtime);
  if (found !== undefined) return found;
  throw complain({
    file: `profile ${name}`,
    path: 'runtime',
    found: `"${runtime}"`,
    expected: `one that runs here (${backendNames.join(', ')}), to compare its predictions with`,
  });
}
