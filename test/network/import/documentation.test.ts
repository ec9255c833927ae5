import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { run as cost } from '../../../src/cli/cost.js';
import { importedOperators } from '../../../src/network/index.js';

const text = readFileSync(new URL('../../../docs/import.md', import.meta.url), 'utf8');

describe('docs/import.md', () => {
  it.each(Object.entries(importedOperators()))('lists what can be imported: %s', (_, names) => {
    expect(text).toContain(`${names.map((name) => `\`${name}\``).join(', ')}.`);
  });

  it('prints what its worked example prints', async () => {
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await cost(['docs/examples/two-branches.json'], { quiet: false, json: false, debug: false });
    const output = written.mock.calls.map(([part]) => String(part)).join('');
    vi.restoreAllMocks();
    expect(text).toContain(`$ nonn cost docs/examples/two-branches.json\n${output.trimEnd()}\n`);
  });
});
