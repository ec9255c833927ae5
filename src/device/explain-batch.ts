import { formatShare, formatUnit } from '../foundation/index.js';
import type { BatchErrors, BatchSection } from './batch-schema.js';
import { SECOND } from './batch-terms.js';

/** What a profile knows of batches, by the paths of its figures. */
export function batchLines(
  { sizes, families, network }: BatchSection,
  path: string,
): [path: string, value: string][] {
  const lines: [string, string][] = [
    [path, `raw measurements of kernels and networks at batches of ${sizes.join(', ')}`],
  ];
  for (const [family, fit] of Object.entries(families)) {
    if (fit === undefined) continue;
    const at = `${path}.families.${family}`;
    lines.push(
      [`${at}.call`, formatUnit(fit.call, 'time', 3)],
      [`${at}.longest`, `${fit.longest} times the batch times one image`],
      ...Object.entries(fit.work)
        .filter(([, seconds]) => seconds > 0)
        .map(([name, seconds]): [string, string] => [
          `${at}.work.${name}`,
          name === SECOND ? `${seconds} s for each second` : formatUnit(seconds, 'time', 3),
        ]),
      [`${at}.leftOut`, errorLine(fit.leftOut)],
    );
  }
  if (network !== undefined)
    lines.push(
      [`${path}.network.factor`, String(network.factor)],
      [`${path}.network.leftOut`, errorLine(network.leftOut)],
    );
  return lines;
}

function errorLine({ count, median, mean, worst, proportional }: BatchErrors): string {
  return `median ${formatShare(median)}, mean ${formatShare(mean)}, worst ${formatShare(worst)} of ${count}; the batch times one image: mean ${formatShare(proportional)}`;
}
