import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { complain, documentText, readJson, writeAtomically } from '../foundation/index.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { note, print, printJson } from './output.js';

/** The root of the package that this file is part of. */
const packaged = fileURLToPath(new URL('../../', import.meta.url));

/** Where the profile stands, in the package as in the new study. */
const PROFILE_FILE = 'device-profiles/raspberry-pi-4b.json';

/** `nonn init [DIR]`: a scenario to change, a device profile to change, and a workflow that guards both. */
export async function run(args: readonly string[], options: GlobalOptions): Promise<CommandExit> {
  const folder = args[0] ?? '.';
  const files: readonly (readonly [name: string, text: string])[] = [
    ['scenario.json', starterScenario()],
    [PROFILE_FILE, starterProfile()],
    ['.github/workflows/nonn.yml', WORKFLOW],
  ];
  writeAll(folder, files);
  if (options.json) printJson({ folder, files: files.map(([name]) => name) });
  else {
    for (const [name] of files) print(join(folder, name));
    const results = join(folder, 'results');
    note(`\nNext: nonn sweep ${join(folder, 'scenario.json')} --out ${results}`, options);
    note(`then: nonn gate ${results} --baseline ${join(folder, 'baseline.json')} --update-baseline`, options);
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

interface ScenarioText {
  readonly cluster: { readonly devices: readonly { readonly profile: string }[] };
}

/** The packaged study that ends in a second, on the profile that lies beside it. */
function starterScenario(): string {
  const packed = readJson(join(packaged, 'scenarios', 'mnist-quick.json')) as ScenarioText;
  const devices = packed.cluster.devices.map((device) => ({ ...device, profile: PROFILE_FILE }));
  return documentText({
    ...packed,
    $schema: 'node_modules/nonn/schemas/scenario.schema.json',
    name: 'starter',
    cluster: { ...packed.cluster, devices },
  });
}

function starterProfile(): string {
  const profile = readJson(join(packaged, PROFILE_FILE)) as object;
  return documentText({ ...profile, $schema: '../node_modules/nonn/schemas/device-profile.schema.json' });
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
      - run: npm install --no-save nonn
      - run: npx nonn sweep scenario.json --out results --quiet
      - run: npx nonn gate results --baseline baseline.json
`;
