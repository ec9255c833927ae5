import { formatUnit } from '../foundation/index.js';
import type { Metrics } from '../metrics/index.js';
import type { Scenario } from '../scenario/index.js';

/** Budgets and memories that are exceeded, each in words with the amount. */
export function violations(
  scenario: Scenario,
  metrics: Metrics,
  parameters: number,
  live: boolean,
): string[] {
  const found = metrics.shortages.map(
    ({ device, peak, available }) =>
      `memory of ${device} by ${formatUnit(peak - available, 'bytes')} (${formatUnit(peak, 'bytes')} of ${formatUnit(available, 'bytes')})`,
  );
  const { load, latency } = metrics;
  if (load.unstable)
    found.push(`unstable: ${load.of} is asked for ${load.share!.toFixed(2)} s of work a second`);
  if (metrics.latencyMissing !== null)
    found.push(`latency needs ${metrics.latencyMissing}, which is unknown`);
  else if (latency === null && !load.unstable) found.push('no inference finished after the warm-up');
  const units = {
    latency: 'time',
    energyPerNode: 'energy',
    memoryPerNode: 'bytes',
    bytesSent: 'bytes',
  } as const;
  for (const [name, unit] of Object.entries(units) as [
    keyof typeof units,
    (typeof units)[keyof typeof units],
  ][]) {
    const budget = scenario.budgets[name];
    const value = name === 'latency' ? latency : metrics[name];
    if (budget === undefined) continue;
    if (value === null) {
      // Kernels that ran here say nothing of a board's energy, so its budget is not judged by them.
      const unjudged =
        (live && name === 'energyPerNode') ||
        (name === 'latency' && (load.unstable || metrics.latencyMissing !== null));
      if (!unjudged) found.push(`${name} is unknown, its budget is ${formatUnit(budget, unit)}`);
    } else if (value > budget) {
      found.push(
        `${name} by ${formatUnit(value - budget, unit)} (${formatUnit(value, unit)} of ${formatUnit(budget, unit)})`,
      );
    }
  }
  const { minParameters } = scenario.budgets;
  if (minParameters !== undefined && parameters < minParameters) {
    found.push(
      `too few parameters by ${minParameters - parameters} (${parameters} of at least ${minParameters})`,
    );
  }
  return found;
}
