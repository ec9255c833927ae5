import type { Row } from '../explore/index.js';
import { percent } from './column-unit.js';

/** What has to be known to read a table. */
export interface Statements {
  /** What holds for every row. */
  readonly general: readonly string[];
  /** Remarks that hold for some rows; `numbersOf` refers to them, counted from 1. */
  readonly footnotes: readonly string[];
  /** Footnotes of a row. */
  numbersOf(row: Row): number[];
}

/** What a table does not show in its cells and its reader has to know. */
export interface TableSetting {
  /** Name of the scenario. */
  readonly title: string;
  /** Id of the design that was picked. */
  readonly pick?: string | undefined;
  /** Id of the design that speed-ups are counted from. */
  readonly baseline?: string | undefined;
  /** Element type of the input; `uint8` unless the scenario says otherwise. */
  readonly inputType?: string | undefined;
}

/** Where the input starts, what the numbers come from and how well that fits, and what they leave out. */
export function statementsOf(rows: readonly Row[], setting: TableSetting): Statements {
  const notes = new Map(rows.map((row) => [row, remarksOf(row, setting)]));
  const all = [...new Set([...notes.values()].flat())];
  const isGeneral = (note: string) => rows.every((row) => notes.get(row)!.includes(note));
  const footnotes = all.filter((note) => !isGeneral(note));
  return {
    general: [
      ...inputSentences(rows, setting.inputType ?? 'uint8'),
      ...profileSentences(rows),
      'energy and memory: per node, the largest over devices',
      ...accuracySentences(rows),
      ...(setting.baseline === undefined
        ? []
        : [`speed-up: over ${setting.baseline}, under the same arrivals`]),
      ...all.filter(isGeneral),
    ],
    footnotes,
    numbersOf: (row) =>
      notes
        .get(row)!
        .flatMap((note) => (isGeneral(note) ? [] : [footnotes.indexOf(note) + 1]))
        .sort((a, b) => a - b),
  };
}

function remarksOf(row: Row, { baseline }: TableSetting): string[] {
  const notes = [
    ...(row.notes === '' ? [] : row.notes.split('; ')),
    ...(row.accuracySeeds === undefined ? [] : [`accuracy: ${row.accuracySource}`]),
  ];
  if (row.latency === null || row.speedup !== null) return notes;
  return [
    ...notes,
    `no speed-up: it or its baseline${baseline === undefined ? '' : ` ${baseline}`} does not fit into memory or has no latency`,
  ];
}

function inputSentences(rows: readonly Row[], type: string): string[] {
  const words = { source: 'at source', everyDevice: 'at every device, and no message carries it' };
  return [...new Set(rows.map((row) => row.inputAt))].map((at) => `input ${words[at]}, ${type}`);
}

function profileSentences(rows: readonly Row[]): string[] {
  const predicted = rows.filter((row) => row.durations === 'predicted');
  const errors = new Map(predicted.map((row) => [row.profiles, row.fitError]));
  const measured =
    predicted.length < rows.length
      ? ['kernels measured on this machine while the plans were played, links simulated']
      : [];
  const simulated = [...errors].map(([profiles, error]) => {
    const names = profiles.split(' ').join(' and ');
    const fit =
      error === null
        ? 'fit error unknown'
        : `fit error ${percent(error)}, the mean over networks left out of the fit`;
    return `simulated, not measured: from profile ${names} (${fit})`;
  });
  return [...simulated, ...measured];
}

function accuracySentences(rows: readonly Row[]): string[] {
  // Where records are named, each row has a remark of its own.
  if (rows.some((row) => row.accuracySeeds !== undefined))
    return ['accuracy: share of the test images that are right, the mean over seeds ± standard deviation'];
  const sources = [...new Set(rows.map((row) => row.accuracySource))].filter((source) => source !== '');
  return sources.length === 0 ? [] : [`accuracy: ${sources.join('; ')}`];
}
