import { stringify } from 'csv-stringify/sync';
import type { Row } from '../explore/index.js';

/** A scenario's rows and which of them was picked. */
export interface ScenarioRows {
  readonly scenario: string;
  readonly pick: string | null;
  readonly rows: readonly Row[];
}

/**
 * Rows of several scenarios as CSV with a header, in SI: `scenario`, the columns of `candidates.csv`, `pick`.
 * A cell is empty where something is unknown.
 */
export function tableCsv(results: readonly ScenarioRows[]): string {
  const records = results.flatMap(({ scenario, pick, rows }) =>
    rows.map((row) => ({ scenario, ...row, pick: row.id === pick })),
  );
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const ordered = [...columns.filter((column) => column !== 'pick'), 'pick'];
  return stringify(records, { header: true, columns: ordered, cast: { boolean: String, number: String } });
}
