import { existsSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { complain, documentText, readJson, readText, writeAtomically } from '../foundation/index.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { note, print, printJson } from './output.js';

/** The root of the package that this file is part of. */
const packaged = fileURLToPath(new URL('../../', import.meta.url));

const PROFILE = 'raspberry-pi-4b';

/** `nonn init [DIR]`: a scenario to change, a device profile to change, and a workflow that guards both. */
export async function run(args: readonly string[], options: GlobalOptions): Promise<CommandExit> {
  const folder = args[0] ?? '.';
  const files: readonly (readonly [name: string, text: string])[] = [
    ['scenario.json', starterScenario(folder)],
    [`device-profiles/${PROFILE}.json`, starterProfile(folder)],
    ['.github/workflows/nonn.yml', WORKFLOW],
  ];
  writeAll(folder, files);
  if (options.json) printJson({ folder, files: files.map(([name]) => name) });
  else {
    for (const [name] of files) print(join(folder, name));
    note(`\nNext: nonn sweep ${join(folder, 'scenario.json')} --out ${join(folder, 'results')}`, options);
  }
  return 0;
}

/** Writes all of the files or none of them, and never over one that is there. */
function writeAll(folder: string, files: readonly (readonly [name: string, text: string])[]): void {
  for (const [name] of files)
    if (existsSync(join(folder, name)))
      throw complain({
        file: join(folder, name),
        found: 'a file that is there already',
        expected: 'a new place',
      });
  const written: string[] = [];
  try {
    for (const [name, text] of files) {
      writeAtomically(join(folder, name), text);
      written.push(name);
    }
  } catch (error) {
    for (const name of written) rmSync(join(folder, name));
    throw error;
  }
}

function starterScenario(folder: string): string {
  return starter('scenarios/mnist-quick.json', join(folder, 'scenario.json'));
}

function starterProfile(folder: string): string {
  return starter(`device-profiles/${PROFILE}.json`, join(folder, 'device-profiles', `${PROFILE}.json`));
}

/** A packaged document, with the path from its new place to its schema, so that editors still check it. */
function starter(document: string, target: string): string {
  const file = join(packaged, document);
  const data = readJson(file) as { $schema?: string };
  if (data.$schema === undefined) return readText(file);
  const schema = resolve(dirname(file), data.$schema);
  return documentText({
    ...data,
    $schema: relative(dirname(resolve(target)), schema)
      .split(sep)
      .join('/'),
  });
}

const WORKFLOW = `# Fails when a change makes the chosen design slower, hungrier or larger than baseline.json says.
# Make the baseline once, and again whenever a change is wanted:
#   npx nonn sweep scenario.json --out results
#   npx nonn gate results --baseline baseline.json --update-baseline
name: nonn
on: [push, pull_request]
jobs:
  gate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: npm ci
      - run: npx nonn sweep scenario.json --out results --quiet
      - run: npx nonn gate results --baseline baseline.json
`;
