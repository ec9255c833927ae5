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
  const found = [
    ...metrics.shortages
      .filter(({ memory }) => memory === undefined)
      .map((shortage) => shortageText('memory', shortage)),
    ...microcontrollerShortages('flash', metrics),
    ...microcontrollerShortages('SRAM', metrics),
  ];
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

/** The worst shortage of one memory of the microcontrollers, and how many others there are. */
function microcontrollerShortages(name: 'flash' | 'SRAM', { shortages }: Metrics): string[] {
  const short = shortages.filter(({ memory }) => memory === name.toLowerCase());
  if (short.length === 0) return [];
  const worst = short.reduce((a, b) => (b.peak - b.available > a.peak - a.available ? b : a));
  const device = short.length === 1 ? worst.device : `${worst.device} (worst of ${short.length})`;
  return [shortageText(name, { ...worst, device })];
}

function shortageText(name: string, { device, peak, available }: Metrics['shortages'][number]): string {
  return `${name} of ${device} by ${formatUnit(peak - available, 'bytes')} (${formatUnit(peak, 'bytes')} of ${formatUnit(available, 'bytes')})`;
}
