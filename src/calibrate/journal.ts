import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { complain, NonnError } from '../foundation/index.js';
import { type Kernel, kernel } from '../kernel/index.js';
import type { BatchSample, NetworkBatchSample } from './measure-batches.js';
import type { NetworkSample } from './measure-networks.js';
import type { Sample } from './measure-samples.js';
import type { SideMeasurements } from './side-measurements.js';

/** What a calibration is called with; another journal's measurements are of no use to it. */
export interface JournalSettings {
  readonly backend: string;
  readonly threads: number;
  readonly budget: number;
  readonly seed: number;
  /** Of the machine, its system and its runtime. */
  readonly fingerprint: string;
}

/** What was measured before a calibration was broken off. */
export interface Journalled {
  readonly samples: readonly Sample[];
  readonly networks: readonly NetworkSample[];
  readonly batches: readonly BatchSample[];
  readonly networkBatches: readonly NetworkBatchSample[];
  /** What was measured once; undefined where it was broken off before that. */
  readonly sides: SideMeasurements | undefined;
  /** Seconds of the budget that are spent. */
  readonly elapsed: number;
}

type Entry = { readonly elapsed: number } & Partial<Omit<Journalled, 'elapsed'>>;

const KIND = 'nonn calibration in progress';

/**
 * A file beside a profile that is being made, with a line for each round of measurements, written through to the disk: a
 * calibration that is killed goes on where it was when it is called again.
 */
export class Journal {
  readonly file: string;
  readonly #descriptor: number;
  readonly found: Journalled;

  /** @throws NonnError if the file is of another calibration, or of something else. */
  constructor(profile: string, settings: JournalSettings) {
    this.file = journalFile(profile);
    const { found, length } = read(this.file, settings);
    this.found = found;
    this.#descriptor = openSync(this.file, length === 0 ? 'w' : 'r+');
    this.#end = length;
    if (length === 0) this.#append({ kind: KIND, settings });
  }

  #end: number;

  /** Keeps a round of measurements. */
  add(entry: Entry): void {
    this.#append(entry);
  }

  /** Leaves the file for another call to go on with. */
  close(): void {
    closeSync(this.#descriptor);
  }

  /** Removes the file, once the profile is written. */
  remove(): void {
    rmSync(this.file, { force: true });
  }

  #append(line: unknown): void {
    this.#end += writeSync(this.#descriptor, `${JSON.stringify(line)}\n`, this.#end);
    fsyncSync(this.#descriptor);
  }
}

/** Where the measurements of an unfinished profile are. */
export function journalFile(profile: string): string {
  return `${profile}.partial`;
}

/** Whole lines of a journal; the last one may have been cut off when its process was killed. */
function read(file: string, settings: JournalSettings): { found: Journalled; length: number } {
  const nothing = {
    samples: [],
    networks: [],
    batches: [],
    networkBatches: [],
    sides: undefined,
    elapsed: 0,
  };
  const text = textOf(file);
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const [head, ...lines] = whole.split('\n').filter((line) => line !== '');
  if (head === undefined) {
    if (text !== '' && !text.startsWith('{"kind"')) throw foreign(file);
    return { found: nothing, length: 0 };
  }
  checkSettings(file, parse(file, head) as { kind?: unknown; settings?: JournalSettings }, settings);
  const entries = lines.map((line) => parse(file, line) as Entry);
  const ofKernels = <One extends { readonly kernel: Kernel }>(samples: readonly One[]) =>
    samples.map((sample) => ({ ...sample, kernel: kernel(sample.kernel) }));
  return {
    found: {
      samples: ofKernels(entries.flatMap((entry) => entry.samples ?? [])),
      networks: entries.flatMap((entry) => entry.networks ?? []),
      batches: ofKernels(entries.flatMap((entry) => entry.batches ?? [])),
      networkBatches: entries.flatMap((entry) => entry.networkBatches ?? []),
      sides: entries.find((entry) => entry.sides !== undefined)?.sides,
      elapsed: entries.at(-1)?.elapsed ?? 0,
    },
    length: Buffer.byteLength(whole),
  };
}

function checkSettings(
  file: string,
  { kind, settings: found }: { kind?: unknown; settings?: JournalSettings },
  settings: JournalSettings,
): void {
  if (kind !== KIND || found === undefined) throw foreign(file);
  for (const [name, wanted] of Object.entries(settings)) {
    const there = found[name as keyof JournalSettings];
    if (there !== wanted)
      throw complain({
        file,
        path: name,
        found: `an unfinished calibration with ${JSON.stringify(there)}`,
        expected: `${JSON.stringify(wanted)} as now; repeat its command to finish it, or remove the file to begin anew`,
      });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new NonnError(
      `${file}: found that it cannot be read (${(error as Error).message}), expected a file`,
    );
  }
}

function parse(file: string, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw foreign(file);
  }
}

function foreign(file: string): NonnError {
  return complain({
    file,
    found: 'something else than the measurements of an unfinished calibration',
    expected: 'such a file, or none: remove it to begin anew',
  });
}
