import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isBuilt, root, runBuilt } from './run-built.js';

const folder = mkdtempSync(join(tmpdir(), 'nonn-bad-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  const scenario = readFileSync(join(root, 'scenarios', 'mnist-quick.json'), 'utf8');
  const place = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
  place('truncated.json', scenario.slice(0, scenario.length / 2));
  place('unit.json', scenario.replace(/"(\d+) Mbit\/s"/, '"$1 MB"'));
  place('field.json', scenario.replace('"budgets"', '"budgts"'));
  place('null.json', scenario.replace(/"budgets": \{[^}]*\}/, '"budgets": null'));
  place('profile.json', scenario.replace('raspberry-pi-4b', 'raspbery-pi-4b'));
  place('network.json', scenario.replaceAll('"lenet5"', '"lenet"'));
  place('students.json', scenario.replace(/"students": \[\s*1,\s*2,\s*4\s*\]/, '"students": [1, 2, 40]'));
  place('binary.json', new Uint8Array([0xff, 0xfe, 0x00]));
  mkdirSync(join(folder, 'folder.json'));
  place(
    'cycle.json',
    JSON.stringify({
      cluster: { devices: [{ name: 'a', speed: 1e9 }], links: [], routes: [] },
      tasks: [
        { id: 'x', device: 'a', flops: 1, after: ['y'] },
        { id: 'y', device: 'a', flops: 1, after: ['x'] },
      ],
      messages: [],
    }),
  );
});

describe.skipIf(!isBuilt)('a wrong input (skipped without dist/: run npm run build)', () => {
  it.each([
    ['a missing scenario', ['sweep', 'missing.json', '--out', 'out'], 'missing.json: found no such file'],
    [
      'a truncated scenario',
      ['sweep', 'truncated.json', '--out', 'out'],
      'truncated.json: found text that is not valid JSON',
    ],
    ['a folder for a scenario', ['sweep', 'folder.json', '--out', 'out'], 'folder.json: found a folder'],
    [
      'bytes for a scenario',
      ['sweep', 'binary.json', '--out', 'out'],
      'binary.json: found bytes that are not UTF-8',
    ],
    [
      'a wrong unit',
      ['sweep', 'unit.json', '--out', 'out'],
      'with a unit of bytes ("MB"), expected a unit of bandwidth',
    ],
    ['an unknown field', ['sweep', 'field.json', '--out', 'out'], '(did you mean "budgets"?)'],
    ['null', ['simulate', 'null.json'], 'budgets: found null'],
    ['an account of no folder', ['account', 'nowhere'], 'nowhere: found no such folder, expected a folder'],
    ['an account of a folder without records', ['account', '.'], '.: found no record.json in it or below it'],
    ['an unknown profile in a scenario', ['simulate', 'profile.json'], '(did you mean "raspberry-pi-4b"?)'],
    [
      'an unknown network in a scenario',
      ['sweep', 'network.json', '--out', 'out'],
      '(did you mean "lenet5"?)',
    ],
    ['more students than devices', ['sweep', 'students.json', '--out', 'out'], '40'],
    ['a cycle in a plan', ['simulate', '--plan', 'cycle.json'], 'cycle.json: '],
    ['an unknown network', ['cost', 'wrn-16'], 'wrn-16'],
    ['an unknown profile', ['explain', 'raspberry-pi-4'], '(did you mean "raspberry-pi-4b"?)'],
    [
      'a missing profile',
      ['predict', 'lenet5', '--profile', 'missing.json'],
      'missing.json: found no such file',
    ],
    ...['0', '1.5', '100000', 'many', '-4', ''].map((batch): [string, string[], string] => [
      `a batch of "${batch}" images`,
      ['predict', 'lenet5', '--profile', 'raspberry-pi-4b', `--batch=${batch}`],
      `--batch: found "${batch}", expected a whole number from 1 to 1024`,
    ]),
    [
      'a batch where only one image was measured',
      ['predict', 'lenet5', '--profile', 'raspberry-pi-4b', '--batch', '4'],
      'profile raspberry-pi-4b: latency.batch.4: found nothing measured of batches, only of one image',
    ],
    [
      'a batch of nothing to validate',
      ['validate', '--profile', 'raspberry-pi-4b', '--network', 'lenet5', '--batch', '0'],
      '--batch: found "0"',
    ],
    ['a missing result', ['table', 'missing'], 'missing'],
    ['a missing baseline', ['gate', 'missing', '--baseline', 'missing.json'], 'missing'],
    ['a truncated baseline', ['gate', 'missing', '--baseline', 'truncated.json'], ': found '],
  ])('such as %s ends in one sentence, exit code 2, and nothing written', async (_, args, sentence) => {
    const before = readdirSync(folder).sort();
    const { stdout, stderr, code } = await runBuilt(folder, args);
    expect(stderr).toMatch(/^nonn: [^\n]*found [^\n]*, expected [^\n]*\n$/);
    expect(stderr).not.toContain('a defect of nonn');
    expect(stderr).toContain(sentence);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(readdirSync(folder).sort()).toEqual(before);
  });
});
