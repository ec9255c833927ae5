import type { ReadResult } from '../explore/index.js';

type Metric = Pick<ReadResult['metrics'][number], 'value' | 'unit' | 'better'>;

/** Verdict over one metric; `change` is relative to the old value, null where there is no such number. */
export interface Judgement {
  readonly verdict: 'pass' | 'fail';
  readonly change: number | null;
  /** What a number cannot say. */
  readonly remark?: string;
}

/** Worse by more than this share of the old value fails. */
export const TOLERANCE = 0.01;

/** Exactly at the tolerance passes, whatever the last digit of a division is. */
const ROUNDING = 1e-9;

/** The default rule: worse by more than 1 % relative fails; equal and better pass. */
export function judge(baseline: Metric, current: Metric): Judgement {
  if (baseline.unit !== current.unit) {
    const remark = `its unit was "${baseline.unit}" and is "${current.unit}", so the values cannot be compared`;
    return { verdict: 'fail', change: null, remark };
  }
  const [old, now] = [baseline.value, current.value];
  if (old === now) return { verdict: 'pass', change: typeof old === 'number' ? 0 : null };
  if (typeof old !== 'number' || typeof now !== 'number') return { verdict: 'fail', change: null };
  const sign = baseline.better === 'higher' ? -1 : 1;
  const difference = now - old;
  const isWorse = baseline.better === 'same' || sign * difference > 0;
  if (old === 0) {
    const remark = 'the old value is 0, so there is no relative change';
    return { verdict: isWorse ? 'fail' : 'pass', change: null, remark };
  }
  const change = difference / Math.abs(old);
  const isBeyond = Math.abs(change) > TOLERANCE * (1 + ROUNDING);
  return {
    verdict: isWorse && isBeyond ? 'fail' : 'pass',
    change: Number.isFinite(change) ? change : null,
  };
}
