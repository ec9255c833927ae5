import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Watts above nothing of the processor's packages, or why nobody knows them. */
export type Power =
  | { readonly idle: number; readonly compute: number; readonly packages: number; readonly seconds: number }
  | { readonly unknown: string };

/** Where Linux shows the energy counters of processors (Documentation/power/powercap/powercap.rst). */
export const POWERCAP = '/sys/class/powercap';
/** Name of a whole package in `/sys/class/powercap`: `intel-rapl:0`; its parts have a second number. */
const DOMAIN = /^intel-rapl:\d+$/;
const MICRO = 1e-6;

/**
 * Power of the processor's packages while this process sleeps and while it computes, by their energy counters (RAPL).
 *
 * @param busy computes for a moment; called again and again.
 * @param seconds for both together.
 */
export async function measurePower(busy: () => void, seconds: number, folder = POWERCAP): Promise<Power> {
  const counters = openCounters(folder);
  if ('unknown' in counters) return counters;
  try {
    const idle = await watts(counters, () => sleep((seconds / 2) * 1000));
    const compute = await watts(counters, () => {
      const end = performance.now() + (seconds / 2) * 1000;
      while (performance.now() < end) busy();
    });
    return { idle, compute, packages: counters.files.length, seconds };
  } catch (error) {
    return { unknown: `the energy counters of ${folder} stopped being readable (${reasonOf(error)})` };
  }
}

interface Counters {
  readonly files: readonly { readonly energy: string; readonly range: number }[];
}

function openCounters(folder: string): Counters | { readonly unknown: string } {
  const domains = namesIn(folder).filter((name) => DOMAIN.test(name));
  if (domains.length === 0)
    return { unknown: `no energy counters of the processor (RAPL): ${folder}/intel-rapl:0 is not there` };
  try {
    const packages = domains
      .map((name) => join(folder, name))
      .filter((path) => readFileSync(join(path, 'name'), 'utf8').startsWith('package'));
    if (packages.length === 0)
      return { unknown: `no energy counter of a whole processor among those of ${folder}` };
    const files = packages.map((path) => ({
      energy: join(path, 'energy_uj'),
      range: numberIn(join(path, 'max_energy_range_uj')),
    }));
    for (const { energy } of files) numberIn(energy);
    return { files };
  } catch (error) {
    return { unknown: `the energy counters of ${folder} cannot be read (${reasonOf(error)})` };
  }
}

/** Watts while something runs. */
async function watts({ files }: Counters, run: () => unknown): Promise<number> {
  const before = files.map(({ energy }) => numberIn(energy));
  const start = performance.now();
  await run();
  const seconds = (performance.now() - start) / 1000;
  const microjoules = files.reduce((sum, { energy, range }, index) => {
    const spent = numberIn(energy) - before[index]!;
    // The counter starts again at 0 when it is full.
    return sum + (spent < 0 ? spent + range : spent);
  }, 0);
  return (microjoules * MICRO) / seconds;
}

function numberIn(file: string): number {
  const text = readFileSync(file, 'utf8').trim();
  if (!/^\d+$/.test(text)) throw new Error(`${file} holds no number`);
  return Number(text);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'EACCES' ? 'only the administrator may' : message;
}
