import { formatUnit, type Quantity } from '../foundation/index.js';
import type { BatchSection } from './batch-schema.js';
import { batchLines } from './explain-batch.js';
import type { LearnedLatency } from './learned-schema.js';
import type { DeviceProfile } from './profile.js';
import type { ShapeEffect } from './shape-effect.js';
import type { WorkPart } from './work-parts.js';

/** One line of what a profile knows: where it stands, what it says, and who said it. */
export interface ExplainedRow {
  /** JSON path in the profile. */
  readonly path: string;
  /** With its unit; `unknown` where nobody knows it. */
  readonly value: string;
  /** `measured`, `published`, `derived`; `unknown` or, for what the profile's author states, `stated`. */
  readonly source: string;
  /** The citation, or why the value is unknown. */
  readonly citation: string;
  readonly date?: string;
  readonly samples?: number;
  /** With its unit. */
  readonly interval?: string;
  readonly note?: string;
}

/** Every figure of a profile with its source, in the order of the file; the errors of its fit among them. */
export function explainProfile(profile: DeviceProfile): readonly ExplainedRow[] {
  const rows: ExplainedRow[] = [
    stated('board', profile.board),
    stated('runtime', profile.runtime),
    stated('threads', profile.threads.join(', ')),
    stated('regime', profile.regime),
    ...(profile.dtype === undefined ? [] : [stated('dtype', profile.dtype)]),
  ];
  for (const section of ['memory', 'latency', 'energy', 'link'] as const)
    collect(profile[section], section, rows);
  return rows;
}

function stated(path: string, value: string): ExplainedRow {
  return { path, value, source: 'stated', citation: 'the profile' };
}

type Fields = Readonly<Record<string, unknown>>;

function collect(node: unknown, path: string, rows: ExplainedRow[]): void {
  if (typeof node === 'string') rows.push(stated(path, node));
  if (node === null || typeof node !== 'object' || Array.isArray(node)) return;
  const fields = node as Fields;
  if (typeof fields['unknown'] === 'string') {
    rows.push({ path, value: 'unknown', source: 'unknown', citation: fields['unknown'] });
  } else if (typeof fields['citation'] === 'string') {
    for (const [at, value, interval] of valuesOf(fields, path))
      rows.push({ path: at, value, ...sourceOf(fields), ...(interval === undefined ? {} : { interval }) });
  } else {
    for (const [name, child] of Object.entries(fields)) collect(child, `${path}.${name}`, rows);
  }
}

function sourceOf(fields: Fields): Omit<ExplainedRow, 'path' | 'value'> {
  return {
    source: String(fields['source']),
    citation: String(fields['citation']),
    ...(typeof fields['date'] === 'string' ? { date: fields['date'] } : {}),
    ...(typeof fields['samples'] === 'number' ? { samples: fields['samples'] } : {}),
    ...(typeof fields['note'] === 'string' ? { note: fields['note'] } : {}),
  };
}

/** The lines of one object with provenance: a single figure, a range, a shape effect, what was learned, what is known of batches, or the errors of a fit. */
function valuesOf(fields: Fields, path: string): [path: string, value: string, interval?: string][] {
  if (typeof fields['value'] === 'number') {
    const quantity = quantityAt(path);
    const write = (value: number) => (quantity === null ? `${value}` : formatUnit(value, quantity, 4));
    const interval = fields['interval'] as readonly [number, number] | undefined;
    return [
      interval === undefined
        ? [path, write(fields['value'])]
        : [path, write(fields['value']), `${write(interval[0])} to ${write(interval[1])}`],
    ];
  }
  if (fields['leftOut'] !== undefined) return fitLines(fields, path);
  if (Array.isArray(fields['seconds']))
    return sizeLines(fields as { bytes: number[]; seconds: number[] }, path);
  if (fields['sizes'] !== undefined) return batchLines(fields as unknown as BatchSection, path);
  if (fields['tables'] !== undefined) return [[path, 'raw measurements of kernels']];
  if (fields['work'] !== undefined) return learnedLines(fields as unknown as LearnedLatency, path);
  if (fields['edge'] !== undefined) return [[path, shapeLine(fields as Record<keyof ShapeEffect, number>)]];
  const { flops, bytes } = fields as { flops: [number, number]; bytes: [number, number] };
  const span = ([low, high]: [number, number], of: Quantity) =>
    `${formatUnit(low, of, 3)} to ${formatUnit(high, of, 3)}`;
  return [[path, `kernels of ${span(flops, 'work')}, ${span(bytes, 'bytes')}`]];
}

const partNames: Readonly<Record<WorkPart, string>> = {
  growing: 'what grows with the size',
  compute: 'what computes products',
  weights: 'what brings weights in',
};

/** What each kind of work takes; the amounts are counted by `workTerms`. */
function learnedLines(learned: LearnedLatency, path: string): [path: string, value: string][] {
  const { work, signal, noise, neighbours } = learned;
  const percent = (variance: number) => `${(100 * Math.sqrt(variance)).toFixed(1)} %`;
  return [
    ...Object.entries(work).map(([name, seconds]): [string, string] => [
      `${path}.work.${name}`,
      formatUnit(seconds, 'time', 3),
    ]),
    [
      path,
      `times a factor interpolated between ${neighbours} measured kernels: varies by ${percent(signal)}, measured to ${percent(noise)}`,
    ],
    ...(learned.parts ?? []).map(({ of, signal }): [string, string] => [
      `${path}.parts.${of}`,
      `${partNames[of]} varies by a further ${percent(signal)}`,
    ]),
  ];
}

/** The seconds one way of messages by size. */
function sizeLines(
  { bytes, seconds }: { readonly bytes: readonly number[]; readonly seconds: readonly number[] },
  path: string,
): [path: string, value: string][] {
  return bytes.map((size, index) => [
    `${path}.${formatUnit(size, 'bytes')}`,
    formatUnit(seconds[index]!, 'time', 3),
  ]);
}

function shapeLine({ pixels, edge, outputs, depth, groupOverhead, row }: ShapeEffect): string {
  const map = pixels === 0 && edge === 0 ? '' : `((1 + ${edge} / sqrt(pixels))^2 + ${pixels} / pixels) `;
  const gathered = row === undefined ? '' : ` + ${row} / row`;
  const grouped = groupOverhead === 0 ? '' : `; a group takes ${formatUnit(groupOverhead, 'time', 4)} more`;
  return `work counts ${map}(1 + ${outputs} / outputs) (1 + ${depth} / depth${gathered}) times${grouped}`;
}

interface Errors {
  readonly count: number;
  readonly median: number;
  readonly mean: number;
  readonly worst: number;
}

function fitLines(fields: Fields, path: string): [path: string, value: string][] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const errors = ({ count, median, mean, worst }: Errors) =>
    `median ${percent(median)}, mean ${percent(mean)}, worst ${percent(worst)} of ${count}`;
  const lines: [string, string][] = [[`${path}.leftOut`, errors(fields['leftOut'] as Errors)]];
  if (fields['fitted'] !== undefined) lines.push([`${path}.fitted`, errors(fields['fitted'] as Errors)]);
  for (const [family, value] of Object.entries((fields['families'] ?? {}) as Record<string, Errors>))
    lines.push([`${path}.families.${family}`, errors(value)]);
  if (typeof fields['noiseFloor'] === 'number')
    lines.push([`${path}.noiseFloor`, percent(fields['noiseFloor'])]);
  for (const row of (fields['rows'] ?? []) as {
    name: string;
    measured: number;
    predicted: number;
    error: number;
  }[])
    lines.push([
      `${path}.rows.${row.name}`,
      `measured ${formatUnit(row.measured, 'time')}, predicted ${formatUnit(row.predicted, 'time')}, error ${percent(row.error)}`,
    ]);
  return lines;
}

/** The quantity of a figure by the name of its field, as the schema has it. */
function quantityAt(path: string): Quantity | null {
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (path === 'memory.bandwidth') return 'bandwidth';
  if (path.startsWith('memory.')) return name.endsWith('Copies') ? null : 'bytes';
  if (path.startsWith('energy.')) return 'power';
  if (name === 'factor') return null;
  if (path.includes('.refill.') && name !== 'perWeightByte') return 'bytes';
  if (name === 'bandwidth') return 'bandwidth';
  if (name === 'rate') return path.startsWith('link.') ? 'bandwidth' : 'compute';
  return 'time';
}
