import type { ReadResult } from '../explore/index.js';
import type { BaselineRecord } from './baseline.js';
import { designsOf, type MetricSubject, metricSubject } from './metric-id.js';
import { type Circumstances, canMatter, canMove, type MetricState } from './relevance.js';

/** Both sides of a comparison, indexed once. */
export interface Sides {
  readonly baseline: BaselineRecord;
  readonly current: ReadResult;
  readonly old: ReadonlyMap<string, Metric>;
  readonly now: ReadonlyMap<string, Metric>;
}

export type Metric = ReadResult['metrics'][number];
type Scalar = string | number | boolean;

/** Indexes both sides of a comparison. */
export function sidesOf(baseline: BaselineRecord, current: ReadResult): Sides {
  const byId = (metrics: readonly Metric[]) => new Map(metrics.map((metric) => [metric.id, metric]));
  return { baseline, current, old: byId(baseline.metrics), now: byId(current.metrics) };
}

/** Makes a function that says, for a metric, which changed inputs can have moved it, one sentence each. */
export function reasonsFor(sides: Sides): (id: string, state: MetricState) => string[] {
  const { baseline, current } = sides;
  const changed = changedInputs(baseline.inputs, current.inputs);
  const general = changedVersions(sides);
  const rows = new Map(current.rows.map((row) => [row.id, row]));
  const swapped = swappedProfiles(sides);
  const profileNames = [
    ...new Set([...Object.keys(baseline.hashes.profiles), ...Object.keys(current.hashes.profiles)]),
  ];
  const drawsArrivals = [baseline.inputs, current.inputs].some(
    (inputs) => 'workload.arrivals.poisson' in inputs,
  );
  return (id, state) => {
    const subject = metricSubject(id);
    const used = subject.designs.map((design) => rows.get(design)?.profiles.split(' '));
    const circumstances: Circumstances = {
      subject,
      state,
      sends: subject.designs.some((design) => sendsBytes(sides, design)),
      profiles: used.length > 0 && used.every((names) => names !== undefined) ? new Set(used.flat()) : null,
      profileNames,
    };
    return [
      ...general,
      ...networkChanges(sides, circumstances, rows),
      ...(drawsArrivals && baseline.seed !== current.seed
        ? [`seed: ${show(baseline.seed)} → ${show(current.seed)}`]
        : []),
      ...(subject.kind === 'pick' ? pickChanges(sides) : []),
      ...swapped.filter((profile) => canSwapMove(profile, circumstances)).map(({ sentence }) => sentence),
      ...changed
        .filter(({ path }) => !swapped.some(({ name }) => path.startsWith(`profiles.${name}.`)))
        .filter(({ path }) => canMove(path, circumstances) && isOfItsRecords(path, subject, rows))
        .filter(
          ({ path }) => !path.startsWith('networks.students') || state === 'gone' || subject.kind === 'pick',
        )
        .map(({ path, from, to }) => `${path}: ${show(from)} → ${show(to)}`),
    ];
  };
}

/** Whether a record is one that the design's accuracy comes from; of one that comes from nowhere now, any may have been. */
function isOfItsRecords(
  path: string,
  { kind, designs }: MetricSubject,
  rows: ReadonlyMap<string, ReadResult['rows'][number]>,
): boolean {
  const row = rows.get(designs[0] ?? '');
  if (kind !== 'accuracy' || !path.startsWith('records.') || row === undefined || row.accuracy === null)
    return true;
  return path.startsWith(`records.${row.accuracySource.split(',', 1)[0]}/`);
}

/** True unless both sides say that it sends nothing. */
function sendsBytes({ old, now }: Sides, design: string): boolean {
  return [old, now].some((metrics) => metrics.get(`bytesSent/${design}`)?.value !== 0);
}

interface Change {
  readonly path: string;
  readonly from: Scalar | undefined;
  readonly to: Scalar | undefined;
}

function changedInputs(
  old: Readonly<Record<string, Scalar>>,
  now: Readonly<Record<string, Scalar>>,
): Change[] {
  const paths = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(canMatter).sort();
  const at = (inputs: Readonly<Record<string, Scalar>>, path: string) =>
    Object.hasOwn(inputs, path) ? inputs[path] : undefined;
  return paths
    .map((path) => ({ path, from: at(old, path), to: at(now, path) }))
    .filter(({ from, to }) => from !== to);
}

function changedVersions({ baseline, current }: Sides): string[] {
  const [from, to] = [baseline.hashes.engine, current.hashes.engine];
  return from === to ? [] : [`engine version: ${show(from)} → ${show(to)}`];
}

interface SwappedProfile {
  readonly name: string;
  readonly isNew: boolean;
  readonly sentence: string;
}

/** Whole profiles that came or went: one sentence instead of each of their values. */
function swappedProfiles({ baseline, current }: Sides): SwappedProfile[] {
  const [old, now] = [baseline.hashes.profiles, current.hashes.profiles];
  const without = (a: object, b: object) => Object.keys(a).filter((name) => !Object.hasOwn(b, name));
  return [
    ...without(old, now).map((name) => ({
      name,
      isNew: false,
      sentence: `profile ${name} is no longer used`,
    })),
    ...without(now, old).map((name) => ({ name, isNew: true, sentence: `profile ${name} is new` })),
  ];
}

/** What a design uses now is known; what it used before is not. */
function canSwapMove({ name, isNew }: SwappedProfile, { subject, profiles }: Circumstances): boolean {
  return subject.kind !== 'bytesSent' && !(isNew && profiles !== null && !profiles.has(name));
}

function networkChanges(
  { baseline, current }: Sides,
  { subject }: Circumstances,
  rows: ReadonlyMap<string, ReadResult['rows'][number]>,
): string[] {
  const [old, now] = [baseline.hashes.networks, current.hashes.networks];
  const changed = Object.keys(old).filter((name) => Object.hasOwn(now, name) && old[name] !== now[name]);
  const designs = subject.designs.map((design) => rows.get(design));
  // The students of a NoNN share out the teacher's filters, so its teacher matters too.
  const isUsed = (name: string) =>
    designs.length === 0 ||
    designs.some((row) => row === undefined || row.strategy === 'nonn' || row.network === name);
  return changed.filter(isUsed).map((name) => `network ${name}: hash ${old[name]} → ${now[name]}`);
}

/** What can change a pick without changing a design. */
function pickChanges({ baseline, current }: Sides): string[] {
  const [old, now] = [designsOf(baseline.metrics), designsOf(current.metrics)];
  const gone = old.filter((id) => !now.includes(id));
  const added = now.filter((id) => !old.includes(id));
  const stayed = old.filter((id) => now.includes(id));
  const isReordered = stayed.join('\n') !== now.filter((id) => old.includes(id)).join('\n');
  return [
    ...(baseline.pickRule === current.pickRule
      ? []
      : [`pick rule: ${show(baseline.pickRule)} → ${show(current.pickRule)}`]),
    ...(gone.length + added.length === 0
      ? []
      : [
          `candidate ids changed: ${old.length} → ${now.length} designs${listed('; no longer there: ', gone)}${listed('; new: ', added)}`,
        ]),
    ...(isReordered ? ['candidate order changed, and ties go to the earlier one'] : []),
  ];
}

/** Whether a metric is about a design that is no longer a candidate. */
export function isGone(id: string, current: ReadResult): boolean {
  const now = new Set([...designsOf(current.metrics), ...current.rows.map((row) => row.id)]);
  return metricSubject(id).designs.some((design) => !now.has(design));
}

function listed(before: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  return `${before}${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}

/** A value as its file writes it, without what steers a terminal. */
function show(value: Scalar | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
