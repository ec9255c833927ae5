import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/table.js';
import { type Result, writeResult } from '../../src/explore/index.js';
import { studyResult } from '../support/study.js';

const folder = mkdtempSync(join(tmpdir(), 'nonn-table-'));
const options = { quiet: true, json: false, debug: false };
let result: Result;

beforeAll(async () => {
  result = await studyResult();
  writeResult(folder, result);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('nonn table', () => {
  it('prints a Markdown table of every design with --format md', async () => {
    const markdown = await printed([folder], { format: 'md' });
    expect(markdown.match(/^\|/gm)).toHaveLength(result.rows.length + 2);
    expect(markdown).toContain('- input at source, uint8');
  });

  it('prints the columns of candidates.csv and the pick with --format csv', async () => {
    const [head, first] = (await printed([folder], { format: 'csv' })).split('\n');
    const [candidatesHead, candidatesFirst] = readFileSync(join(folder, 'candidates.csv'), 'utf8').split(
      '\n',
    );
    expect(head).toBe(`scenario,${candidatesHead},pick`);
    expect(first).toBe(`study,${candidatesFirst},false`);
  });

  it('prints rows in SI, statements and the pick with --json', async () => {
    const { tables } = JSON.parse(await printed([folder, folder], { json: true }));
    expect(tables).toHaveLength(2);
    expect(tables[0]).toMatchObject({
      scenario: 'study',
      pick: result.pick?.id,
      rows: JSON.parse(JSON.stringify(result.rows)),
    });
    expect(tables[0].statements[0]).toBe('input at source, uint8');
  });

  it('refuses a result without rows in one sentence', async () => {
    const file = join(folder, 'bare.json');
    writeFileSync(file, JSON.stringify({ scenario: 'a', metrics: [] }));
    await expect(run([file], options)).rejects.toThrow(
      `${file}: rows: found no row, expected a result that nonn sweep wrote`,
    );
  });
});

async function printed(args: string[], change: { format?: 'md' | 'csv'; json?: boolean }): Promise<string> {
  let text = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((part) => {
    text += part;
    return true;
  });
  try {
    expect(await run(args, { ...options, ...change })).toBe(0);
  } finally {
    spy.mockRestore();
  }
  return text;
}
