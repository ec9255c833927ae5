import { formatShare, formatUnit } from '../foundation/index.js';
import { kernelLabel } from '../kernel/index.js';
import type { Comparison, Summary, Validation } from '../validate/index.js';
import { columns } from './columns.js';

const MOST_ROWS = 40;

/** A validation as a person reads it: rows with the largest errors first, then how good each kind and family is. */
export function validationText(result: Validation): string {
  const rows = [...result.rows].sort((a, b) => Math.abs(b.error) - Math.abs(a.error));
  const listed = columns(
    ['', 'predicted', 'measured', 'error', ''],
    rows
      .slice(0, MOST_ROWS)
      .map((row) => [
        kernelLabel(row.name),
        formatUnit(row.predicted, 'time'),
        formatUnit(row.measured, 'time'),
        `${row.error > 0 ? '+' : ''}${formatShare(row.error)}`,
        row.extrapolated ? 'extrapolated' : '',
      ]),
  );
  const more = rows.length > MOST_ROWS ? [`... and ${rows.length - MOST_ROWS} with smaller errors`] : [];
  const families = Object.entries(result.families);
  const lines = [
    ...Object.entries(result.kinds).flatMap(([kind, comparison]) => comparisonLines(kind, comparison)),
    ...(families.length < 2
      ? []
      : [
          ['kernels by family'],
          ...families.map(([family, comparison]) =>
            summaryLine(`  ${family}`, comparison.learned, comparison),
          ),
        ]),
  ];
  const table = columns(
    [
      '',
      'count',
      'within 5 %',
      'within 10 %',
      'noise floor',
      'mean',
      'worst',
      'Spearman',
      'Kendall',
      'learned / naive',
    ],
    lines,
  );
  const { noiseFloor, drift, plans, batch } = result;
  const floor = `${result.profile} (${result.runtime}) on this machine. Noise floor: the first and the second half of the rounds agree within 10 % for ${formatShare(noiseFloor.within10)} of rows and differ by ${formatShare(noiseFloor.mean)} on average.`;
  const ofDrift = drift === undefined ? [] : [driftText(drift)];
  const ofPlans =
    plans === undefined
      ? []
      : ['Plans ran in one process: predicted and measured are the sum of all their tasks, without links.'];
  const ofBatches =
    batch === undefined
      ? []
      : [
          `Each network computed ${batch} ${batch === 1 ? 'image' : 'images'} at once; times are of all of them.`,
        ];
  return [listed, ...more, '', table, '', floor, ...ofDrift, ...ofPlans, ...ofBatches].join('\n');
}

function driftText({ factor, kernels }: NonNullable<Validation['drift']>): string {
  const much = formatShare(Math.abs(factor - 1));
  const how = factor > 1 ? 'slower' : 'faster';
  return `The machine is ${much} ${how} than when it was calibrated, by ${kernels} of the profile's own kernels in the same rounds; "without drift" are the errors less that.`;
}

function comparisonLines(kind: string, comparison: Comparison): readonly (readonly string[])[] {
  const { learned, withoutDrift, roofline, flops, proportional, overRoofline, overFlops, overProportional } =
    comparison;
  return [
    summaryLine(kind, learned, comparison),
    ...(withoutDrift === undefined ? [] : [summaryLine('  without drift', withoutDrift, null)]),
    ...(proportional === undefined
      ? []
      : [summaryLine('  by the batch times one image', proportional, null, overProportional)]),
    ...(roofline === undefined ? [] : [summaryLine('  by the roofline alone', roofline, null, overRoofline)]),
    ...(flops === undefined ? [] : [summaryLine('  by one rate', flops, null, overFlops)]),
  ];
}

function summaryLine(
  title: string,
  summary: Summary,
  comparison: Comparison | null,
  ratio?: number | null,
): readonly string[] {
  const rank = (value: number | null) => (value === null ? '-' : value.toFixed(3));
  const { count, within5, within10, mape, worst, spearman, kendall } = summary;
  return [
    title,
    String(count),
    formatShare(within5),
    formatShare(within10),
    comparison === null ? '' : formatShare(comparison.noiseFloor.within10),
    formatShare(mape),
    formatShare(worst),
    rank(spearman),
    rank(kendall),
    ratio === undefined || ratio === null ? '' : ratio.toFixed(2),
  ];
}
