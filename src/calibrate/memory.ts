import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { NetworkMemory } from '../device/index.js';
import type { BackendName } from '../runtime/index.js';

/** Networks that processes of their own run: a small one, and ones that hold mostly one kind of thing. */
export type ProbeName = 'small' | 'convolutions' | 'dense' | 'maps';

/** Bytes that a process had resident at most, beside what its network holds. */
export interface ProbeResult extends NetworkMemory {
  readonly peak: number;
}

/** How a runtime's processes hold memory; a field is absent where the time was too short for its probe. */
export interface RuntimeMemory {
  /** Bytes of a process with the runtime loaded, after it has run for a while. */
  readonly base?: number;
  readonly weightCopies?: number;
  readonly denseCopies?: number;
  readonly mapCopies?: number;
}

/** Bytes of weights or maps of a probe: large beside what the same process differs by from run to run (10 MB). */
const PROBE_BYTES = 64e6;
const MAP_BYTES = 32e6;
/** No probe takes more than about this share of the machine's memory, with three copies of its weights. */
const LARGEST_SHARE = 0.1;
/** Expected of one probe before any has run. */
const PROBE_SECONDS = 2;
const LONGEST_PROBE_SECONDS = 60;
/** Peaks of the same probe differ by up to a third of its weights, as V8 collects sooner or later; the median of so many counts. */
const PROBE_ROUNDS = 3;

/**
 * Starts processes that each run one network on the backend, and finds from their resident peaks what the runtime holds
 * for a byte of weights and of activations.
 *
 * @param seconds that it may take; probes that would not fit any more are left out.
 * @param windowBytes what the runtime is known to keep for each position of a window.
 */
export async function measureRuntimeMemory(
  backend: BackendName,
  threads: number,
  seconds: number,
  windowBytes: number,
): Promise<RuntimeMemory> {
  const begun = performance.now();
  const secondsLeft = () => seconds - (performance.now() - begun) / 1000;
  let longest = PROBE_SECONDS;
  const probe = async (name: ProbeName, bytes: number): Promise<ProbeResult | undefined> => {
    if (secondsLeft() < longest) return undefined;
    const before = secondsLeft();
    const result = await runProbe(backend, threads, name, Math.min(bytes, totalmem() * (LARGEST_SHARE / 4)));
    longest = Math.max(longest, before - secondsLeft());
    return result;
  };
  const found = new Map<ProbeName, ProbeResult[]>(probes.map(([name]) => [name, []]));
  rounds: for (let round = 0; round < PROBE_ROUNDS; round++)
    for (const [name, bytes] of probes) {
      const result = await probe(name, bytes);
      if (result === undefined) break rounds;
      found.get(name)!.push(result);
    }
  const [small, convolutions, dense, maps] = probes.map(([name]) => medianPeak(found.get(name)!));
  return small === undefined ? {} : runtimeMemory({ small, convolutions, dense, maps }, windowBytes);
}

/** In the order in which each adds one unknown. */
const probes: readonly (readonly [name: ProbeName, bytes: number])[] = [
  ['small', 0],
  ['convolutions', PROBE_BYTES],
  ['dense', PROBE_BYTES],
  ['maps', MAP_BYTES],
];

/** The probe whose peak is in the middle; of two the lower one, and undefined of none. */
export function medianPeak(results: readonly ProbeResult[]): ProbeResult | undefined {
  const sorted = [...results].sort((a, b) => a.peak - b.peak);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/** Solves for the copies: each probe adds one unknown to what the ones before it have shown. */
export function runtimeMemory(
  probes: {
    readonly small: ProbeResult;
    readonly convolutions?: ProbeResult | undefined;
    readonly dense?: ProbeResult | undefined;
    readonly maps?: ProbeResult | undefined;
  },
  windowBytes: number,
): RuntimeMemory {
  const { small, convolutions, dense, maps } = probes;
  const base = small.peak - small.convolutions - small.others - small.maps;
  if (convolutions === undefined) return { base };
  const above = ({ peak, windows }: ProbeResult) => peak - base - windows * windowBytes;
  // What is held is there at least once.
  const weightCopies = Math.max(
    1,
    (above(convolutions) - convolutions.others - convolutions.maps) / convolutions.convolutions,
  );
  if (dense === undefined) return { base, weightCopies };
  const denseCopies = Math.max(
    1,
    (above(dense) - dense.convolutions * weightCopies - dense.maps) / dense.others,
  );
  if (maps === undefined) return { base, weightCopies, denseCopies };
  const held = maps.convolutions * weightCopies + maps.others * denseCopies;
  return { base, weightCopies, denseCopies, mapCopies: Math.max(1, (above(maps) - held) / maps.maps) };
}

/** Undefined where a probe fails, as on a machine that has too little memory for it. */
async function runProbe(
  backend: BackendName,
  threads: number,
  name: ProbeName,
  bytes: number,
): Promise<ProbeResult | undefined> {
  const file = probeFile();
  if (file === undefined) return undefined;
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [file, backend, String(threads), name, String(Math.round(bytes))],
      // The number of threads of native kernels is the probe's own.
      { timeout: LONGEST_PROBE_SECONDS * 1000, env: { ...process.env, NODE_OPTIONS: '' } },
    );
    return JSON.parse(stdout) as ProbeResult;
  } catch {
    return undefined;
  }
}

/** The compiled probe, beside this file or, where the sources run, in the build. */
function probeFile(): string | undefined {
  return ['./memory-probe.js', '../../dist/calibrate/memory-probe.js']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find(existsSync);
}
