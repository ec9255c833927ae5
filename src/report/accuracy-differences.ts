import type { Account } from '../learn/index.js';

/** A table of differences in accuracy: a column for each NoNN, a row for each stage that one is compared with. */
export interface DifferenceTable {
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[];
  readonly rows: readonly (readonly string[])[];
}

/** Marks a difference that may be nothing but the choice of test images. */
export const INCLUDES_ZERO = '≈';

/**
 * Points by which the NoNN of the column is right more often than the stage of the row, with the interval in brackets. Each
 * pair of NoNNs was compared once, and stands where it was.
 */
export function differenceTable({ comparisons, rows }: Account): DifferenceTable {
  const several = new Set(rows.map(({ experiment }) => experiment)).size > 1;
  const name = (id: string) => (several ? id : id.slice(id.indexOf('/') + 1));
  const stages = [...new Set(comparisons.map(({ stage }) => stage))];
  const others = [...new Set(comparisons.map(({ other }) => other))];
  const counts = new Set(comparisons.map(({ seeds }) => seeds.length));
  const cellOf = (stage: string, other: string) => {
    const found = comparisons.find((one) => one.stage === stage && one.other === other);
    if (found === undefined) return '';
    const { difference, low, high, seeds } = found;
    const ofSeeds = counts.size > 1 ? `, ${seeds.length === 1 ? 'one seed' : `${seeds.length} seeds`}` : '';
    const mark = low > 0 || high < 0 ? '' : `${INCLUDES_ZERO} `;
    return `${mark}${points(difference)} (${points(low)} to ${points(high)}${ofSeeds})`;
  };
  return {
    columns: [
      { title: 'points more than', align: 'left' },
      ...stages.map((stage) => ({ title: name(stage), align: 'right' as const })),
    ],
    rows: others.map((other) => [name(other), ...stages.map((stage) => cellOf(stage, other))]),
  };
}

function points(share: number): string {
  const text = (100 * share).toFixed(2);
  return share >= 0 ? `+${text}` : text;
}
