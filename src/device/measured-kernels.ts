import type { Kernel } from '../kernel/index.js';
import { latencyFamily } from './family.js';
import type { DeviceProfile } from './profile.js';

/** A kernel that was measured, with the seconds that it took. */
export interface MeasuredKernel extends Pick<Kernel, 'family' | 'shape' | 'flops' | 'bytes'> {
  readonly seconds: number;
}

/** Raw measurements of kernels: one table an operator and list of shape fields. */
export interface KernelTable {
  readonly operator: string;
  /** Names of the first numbers of each row, the kernel's shape. FLOP, bytes and times in seconds follow. */
  readonly fields: readonly string[];
  /** Numbers with blanks between them. */
  readonly rows: readonly string[];
}

/** Kernels that a profile was fitted to, by latency family; empty for a profile without such measurements. */
export function measuredKernels(
  profile: DeviceProfile,
  threads: number,
): ReadonlyMap<string, readonly MeasuredKernel[]> {
  let byThreads = known.get(profile);
  if (byThreads === undefined) {
    byThreads = new Map();
    known.set(profile, byThreads);
  }
  let kernels = byThreads.get(threads);
  if (kernels === undefined) {
    kernels = byFamily(profile.latency.kernels?.[String(threads)]?.tables ?? []);
    byThreads.set(threads, kernels);
  }
  return kernels;
}

/** Measurements as a profile keeps them. */
export function kernelTables(
  kernels: readonly (Omit<MeasuredKernel, 'seconds'> & { readonly first: number; readonly second: number })[],
): readonly KernelTable[] {
  return tablesOf(kernels.map((kernel) => ({ ...kernel, times: [kernel.first, kernel.second] })));
}

/** Kernels with so many times each, in seconds, as a profile keeps them. */
export function tablesOf(
  kernels: readonly (Omit<MeasuredKernel, 'seconds'> & { readonly times: readonly number[] })[],
): readonly KernelTable[] {
  const tables = new Map<string, { operator: string; fields: string[]; rows: string[] }>();
  for (const { family, shape, flops, bytes, times } of kernels) {
    const fields = Object.keys(shape);
    const key = `${family} ${fields}`;
    const table = tables.get(key) ?? { operator: family, fields, rows: [] };
    tables.set(key, table);
    const written = times.map((seconds) => Number(seconds.toPrecision(DIGITS)));
    table.rows.push([...Object.values(shape), flops, bytes, ...written].join(' '));
  }
  return [...tables.values()];
}

/** More than any measurement has. */
const DIGITS = 4;

function byFamily(tables: readonly KernelTable[]): ReadonlyMap<string, readonly MeasuredKernel[]> {
  const families = new Map<string, MeasuredKernel[]>();
  for (const { operator, fields, rows } of tables)
    for (const row of rows) {
      const numbers = row.split(' ').map(Number);
      const shape = Object.fromEntries(fields.map((field, index) => [field, numbers[index]!]));
      const [flops, bytes, first, second] = numbers.slice(fields.length) as [number, number, number, number];
      const kernel = { family: operator, shape, flops, bytes, seconds: Math.min(first, second) };
      const family = latencyFamily(kernel);
      const kernels = families.get(family);
      if (kernels === undefined) families.set(family, [kernel]);
      else kernels.push(kernel);
    }
  return families;
}

const known = new WeakMap<DeviceProfile, Map<number, ReadonlyMap<string, readonly MeasuredKernel[]>>>();
