import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { designTable, tableCsv, tableMarkdown, tableText } from '../../src/report/index.js';
import { rowWith } from '../support/rows.js';

const rows = [
  rowWith(),
  rowWith({
    id: 'nonn-wrn-16-1-x2',
    strategy: 'nonn',
    devices: 2,
    latency: 0.0228,
    energyPerNode: null,
    energyMissing: 'raspberry-pi-3b-plus: energy.idle',
    bytesSent: 3720,
    speedup: 0.71,
    front: true,
    notes:
      "energy needs raspberry-pi-3b-plus: energy.idle; runtime's own memory not counted; partition assumed",
  }),
  rowWith({
    id: 'horizontal-wrn-16-2-on-2',
    strategy: 'horizontal',
    latency: null,
    latencyLow: null,
    latencyHigh: null,
    speedup: null,
    feasible: false,
    violated: 'latency by 432 ms (632 ms of 200 ms); energyPerNode by 902 mJ (1.9 J of 1 J)',
  }),
];
const setting = { title: 'study', pick: 'nonn-wrn-16-1-x2', baseline: 'single-wrn-16-2' };

describe('a table of designs', () => {
  it('says where the input starts, what the numbers come from with their error, and what they leave out', () => {
    expect(designTable(rows, setting).statements.general).toEqual([
      'input at source, uint8',
      'simulated, not measured: from profile raspberry-pi-3b-plus (fit error 12.7 %, the mean over networks left out of the fit)',
      'energy and memory: per node, the largest over devices',
      'accuracy: not trained',
      'speed-up: over single-wrn-16-2, under the same arrivals',
      "runtime's own memory not counted",
    ]);
    const everywhere = [rowWith({ inputAt: 'everyDevice', fitError: null })];
    expect(
      designTable(everywhere, { title: 'study', inputType: 'float32' }).statements.general.slice(0, 2),
    ).toEqual([
      'input at every device, and no message carries it, float32',
      'simulated, not measured: from profile raspberry-pi-3b-plus (fit error unknown)',
    ]);
  });

  it('shows what is unknown as a dash, with the reason in a footnote of its row', () => {
    const { columns, lines, statements } = designTable(rows, setting);
    const cell = (line: number, title: string) =>
      lines[line]!.cells[columns.findIndex((column) => column.title.startsWith(title))]!;
    expect(cell(1, 'energy')).toBe('–');
    expect(statements.footnotes).toEqual([
      'energy needs raspberry-pi-3b-plus: energy.idle',
      'partition assumed',
    ]);
    expect(cell(1, 'notes')).toBe('(1) (2)');
    expect(cell(2, 'latency')).toBe('–');
    expect(cell(2, 'feasible')).toBe(`no: ${rows[2]!.violated}`);
  });

  it('tells where each accuracy comes from, with its spread over seeds, where records of training are named', () => {
    const trained = [
      rowWith({
        accuracy: 0.98765,
        accuracySpread: 0.0021,
        accuracySeeds: 3,
        accuracySource: 'mnist/teacher, seeds 1, 2, 3',
      }),
      rowWith({
        id: 'once',
        accuracy: 0.97,
        accuracySpread: null,
        accuracySeeds: 1,
        accuracySource: 'mnist/nonn-2, seed 1',
      }),
      rowWith({ id: 'never', accuracySpread: null, accuracySeeds: 0, notes: '' }),
    ];
    const { columns, lines, statements } = designTable(trained, { title: 'study', width: 'narrow' });
    const accuracy = columns.findIndex(({ title }) => title === 'accuracy');
    expect(lines.map(({ cells }) => cells[accuracy])).toEqual(['98.8 ± 0.2 %', '97.0 %', '–']);
    expect(statements.general).toContain(
      'accuracy: share of the test images that are right, the mean over seeds ± standard deviation',
    );
    expect(statements.footnotes).toEqual([
      "runtime's own memory not counted",
      'accuracy: mnist/teacher, seeds 1, 2, 3',
      'accuracy: mnist/nonn-2, seed 1',
      'accuracy: not trained',
    ]);
  });

  it('writes each column in one unit, with the same decimals', () => {
    const { columns, lines } = designTable(rows, setting);
    const column = (title: string) =>
      lines.map((line) => line.cells[columns.findIndex((each) => each.title === title)]);
    expect(column('latency ms')).toEqual(['16.3', '22.8', '–']);
    expect(column('memory/node MB')).toEqual(['3.17', '3.17', '3.17']);
    expect(column('sent kB')).toEqual(['0', '3.72', '0']);
    expect(column('speed-up')).toEqual(['1.00', '0.71', '–']);
  });

  it('marks the pick and the front', () => {
    expect(designTable(rows, setting).lines.map((line) => line.mark)).toEqual(['', 'pick', '']);
    expect(designTable(rows, { title: 'study' }).lines.map((line) => line.mark)).toEqual(['', 'front', '']);
    expect(designTable(rows, setting).counts).toBe('3 designs, 2 feasible, 1 on the front');
  });
});

describe('the Markdown form', () => {
  it('has aligned lines with as many cells as columns, whatever the texts hold', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '|', '\\', '`', '*', '_', '<', ' ', '–', '\n') });
    fc.assert(
      fc.property(
        fc.array(fc.record({ id: text, violated: text, notes: text }), { minLength: 1 }),
        (changes) => {
          const table = designTable(
            changes.map((change) => rowWith({ ...change, feasible: false })),
            setting,
          );
          const lines = tableMarkdown(table)
            .split('\n')
            .filter((line) => line.startsWith('|'));
          expect(lines).toHaveLength(changes.length + 2);
          expect(new Set(lines.map((line) => [...line].length)).size).toBe(1);
          for (const line of lines) {
            const cells = line.replace(/\\[\s\S]/g, '').split('|');
            expect(cells).toHaveLength(table.columns.length + 2);
          }
        },
      ),
    );
  });

  it('has the statements and footnotes below', () => {
    const markdown = tableMarkdown(designTable(rows, setting));
    expect(markdown).toContain('### study\n\n3 designs, 2 feasible, 1 on the front.\n\n|');
    expect(markdown).toContain('\n- input at source, uint8\n');
    expect(markdown).toMatch(/\n- \(2\) partition assumed$/);
    expect(markdown).toContain('| **pick** | **nonn-wrn-16-1-x2**');
  });
});

describe('the form for terminals', () => {
  it('has one line a design, without intervals, and colours nothing unless asked to', () => {
    const text = tableText(designTable(rows, { ...setting, width: 'narrow' }));
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('low – high');
    expect(text).toMatch(/^pick +nonn-wrn-16-1-x2 /m);
    expect(text).toContain('no: latency by 432 ms, energy by 902 mJ');
  });
});

describe('the CSV form', () => {
  it('reads back as the rows, number by number', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    const row = fc.record({
      id: fc.string(),
      violated: fc.string(),
      latency: fc.option(number),
      speedup: number,
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (changes) => {
        const [head, ...body] = parseCsv(
          tableCsv([{ scenario: 's', pick: null, rows: changes.map(rowWith) }]),
        );
        expect(body).toHaveLength(changes.length);
        for (const [index, change] of changes.entries()) {
          const cell = (name: string) => body[index]![head!.indexOf(name)]!;
          expect(cell('scenario')).toBe('s');
          expect(cell('id')).toBe(change.id);
          expect(cell('violated')).toBe(change.violated);
          expect(cell('latency')).toBe(change.latency === null ? '' : String(change.latency));
          expect(Number(cell('speedup')) === change.speedup).toBe(true);
          expect(cell('feasible')).toBe('true');
        }
      }),
    );
  });
});

/** RFC 4180, as far as it goes. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const match of text.matchAll(/("(?:[^"]|"")*"|[^",\n]*)(,|\n)/g)) {
    const cell = match[1]!;
    row.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (match[2] === '\n') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}
