import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands, globalOptions } from '../../src/cli/commands.js';
import { root } from '../cli/run-built.js';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const shell = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block!.split('\n'));
const nonn = shell.flatMap((line) => /^nonn ([^#]*)/.exec(line)?.[1]?.trim().split(/\s+/) ?? []);
const lines = shell.flatMap((line) =>
  line.startsWith('nonn ') ? [line.split('#')[0]!.trim().split(/\s+/)] : [],
);

describe('the README', () => {
  it('shows every command, and only commands and options that exist', () => {
    expect(nonn.length).toBeGreaterThan(20);
    for (const [, name, ...words] of lines) {
      const entry = commands.find((command) => command.name === name);
      expect(entry, `nonn ${name}`).toBeDefined();
      const known = [...entry!.options, ...globalOptions].map((option) => `--${option.name}`);
      expect(known).toEqual(expect.arrayContaining(words.filter((word) => word.startsWith('--'))));
    }
    const shown = new Set(lines.map(([, name]) => name));
    expect(
      commands.map((command) => command.name).filter((name) => !shown.has(name) && name !== 'quickstart'),
    ).toEqual([]);
  });

  it('names only scripts and files that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    for (const [, script] of readme.matchAll(/npm run (?:-s )?([\w-]+)/g))
      expect(Object.keys(scripts)).toContain(script);
    for (const [, link] of readme.matchAll(/\]\(([^)#:]+)\)/g))
      expect(existsSync(join(root, link!)), link).toBe(true);
    for (const [file] of readme.matchAll(/scenarios\/[\w-]+\.json/g))
      expect(existsSync(join(root, file)), file).toBe(true);
  });
});
