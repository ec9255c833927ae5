import type { Row } from '../explore/index.js';
import { parseUnit, type Quantity } from '../foundation/index.js';
import { statementsOf } from './statements.js';

/** What plots need of a result. */
export interface PlotData {
  readonly scenario: string;
  readonly rows: readonly Row[];
  readonly pick?: { readonly id: string } | null | undefined;
  readonly inputs: Readonly<Record<string, string | number | boolean>>;
}

/** Colours that people with any colour vision can tell apart (Okabe and Ito, 2008), in the order of the legend. */
const colours = {
  single: '#6b6b6b',
  horizontal: '#e69f00',
  deepthings: '#0072b2',
  nonn: '#009e73',
} as const;

const LONGEST_LINE = 84;

const spare = ['#cc79a7', '#d55e00', '#56b4e9', '#f0e442'];

/** Scale of the strategies that are there; each keeps its colour whatever the others are. */
export function strategyScale(rows: readonly Row[]): { domain: string[]; range: string[] } {
  const present = [...new Set(rows.map((row) => row.strategy))];
  const known = Object.keys(colours).filter((name) => present.includes(name));
  const others = present.filter((name) => !Object.hasOwn(colours, name)).sort();
  return {
    domain: [...known, ...others],
    range: [
      ...known.map((name) => colours[name as keyof typeof colours]),
      ...others.map((_, index) => spare[index % spare.length]!),
    ],
  };
}

/** Fonts, greys and sizes of every plot. */
export const plotConfig = {
  font: 'Helvetica, Arial, sans-serif',
  background: '#ffffff',
  padding: 16,
  view: { stroke: null },
  title: { anchor: 'start', fontSize: 16, subtitleFontSize: 12, subtitleColor: '#555555', offset: 14 },
  axis: {
    labelFontSize: 12,
    titleFontSize: 13,
    titleFontWeight: 'normal',
    titlePadding: 10,
    gridColor: '#ececec',
    domainColor: '#999999',
    tickColor: '#999999',
    labelColor: '#444444',
    titleColor: '#222222',
  },
  legend: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal', symbolSize: 90, rowPadding: 5 },
} as const;

/** What a reader of the plot has to know: where the input starts, and how good the numbers are. */
export function subtitleOf({ rows, inputs }: PlotData): string[] {
  const setting = { title: '', inputType: String(inputs['workload.inputType'] ?? 'uint8') };
  return statementsOf(rows, setting)
    .general.filter((statement) => /^(input|simulated)/.test(statement))
    .flatMap(wrap);
}

/** Lines that are no wider than the plot, as Vega estimates widths. */
function wrap(sentence: string): string[] {
  const lines = [''];
  for (const word of sentence.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length <= LONGEST_LINE) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** A budget of the scenario in SI, or null where there is none. */
export function budgetOf({ inputs }: PlotData, name: string, quantity: Quantity): number | null {
  const budget = inputs[`budgets.${name}`];
  if (typeof budget === 'string') return parseUnit(budget, quantity);
  return typeof budget === 'number' ? budget : null;
}

/** A logarithmic domain around some values, with a little room, and round numbers in it for ticks. */
export function logAxis(values: readonly number[]): { domain: [number, number]; ticks: number[] } {
  const low = Math.min(...values) / 1.35;
  const high = Math.max(...values) * 1.35;
  const decades = Math.log10(high / low);
  const steps =
    decades > 4 ? [1] : decades > 2.2 ? [1, 3] : decades > 1 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
    for (const step of steps) {
      // 1e-7 is not 10 ** -7 in the last digit; the text is.
      const tick = Number(`${step}e${power}`);
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  return { domain: [low, high], ticks };
}
