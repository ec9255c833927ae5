import type { PickRule, Row } from '../explore/index.js';
import { formatShare, formatUnit } from '../foundation/index.js';
import { colours } from './colour.js';

const reasons: Record<PickRule, string> = {
  knee: 'of the designs on the Pareto front it is nearest to the best of every objective',
  'min-latency': 'it has the lowest latency of the Pareto front',
  'min-energy': 'it needs the least energy per node of the Pareto front',
  'min-memory': 'it needs the least memory per node of the Pareto front',
  'max-accuracy': 'it has the highest accuracy of the Pareto front',
};

/** Which design, what it costs, and why it. */
export function pickSentence(pick: Row | null, baseline: Row, rule: PickRule): string {
  if (pick === null) return 'No design meets the budgets; the table says what each one exceeds.';
  const c = colours(process.stdout);
  const against = pick.speedup === null || pick.id === baseline.id ? '' : paceOf(pick.speedup, baseline.id);
  const energy =
    pick.energyPerNode === null ? 'energy unknown' : `${formatUnit(pick.energyPerNode, 'energy')} per node`;
  const accuracy = pick.accuracy === null ? '' : `${formatShare(pick.accuracy, 2)} of test images right, `;
  const costs = `${accuracy}${formatUnit(pick.latency!, 'time')}${intervalOf(pick)}, ${energy}, ${formatUnit(pick.memoryPerNode, 'bytes')} per node${against}`;
  const caution =
    pick.accuracy === null && pick.accuracySeeds === undefined
      ? '\nAccuracy is not trained here: how much a smaller network gives away, this table cannot say.'
      : '';
  return `Pick: ${c.bold(pick.id)} (${costs}):\n${reasons[rule]}.${caution}`;
}

function paceOf(speedup: number, baseline: string): string {
  return speedup < 1
    ? `, ${(1 / speedup).toFixed(1)} times slower than ${baseline}`
    : `, ${speedup.toFixed(1)} times faster than ${baseline}`;
}

/** Latency with every cost at the low and at the high end of its interval. */
function intervalOf({ latencyLow, latencyHigh }: Row): string {
  if (latencyLow === null || latencyHigh === null) return '';
  return ` with intervals from ${formatUnit(latencyLow, 'time')} to ${formatUnit(latencyHigh, 'time')}`;
}
