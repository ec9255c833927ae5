import { type ReadResult, readResult } from '../explore/index.js';
import { complain, show } from '../foundation/index.js';
import {
  type BaselineUpdate,
  gate,
  gateText,
  readBaseline,
  recordFor,
  updateBaseline,
} from '../gate/index.js';
import { colours } from './colour.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { note, print, printJson } from './output.js';

export interface GateOptions extends GlobalOptions {
  readonly baseline: string;
  readonly updateBaseline: boolean;
  readonly format?: 'text' | 'json';
}

/** `nonn gate`: compares results with a baseline, or writes the baseline. */
export async function run(args: readonly string[], options: GateOptions): Promise<CommandExit> {
  const results = args.map(readResult);
  refuseTwice(results, args);
  const json = options.json || options.format === 'json';
  if (options.updateBaseline) {
    const update = updateBaseline(options.baseline, results);
    if (json) printJson({ verdict: 'pass', rows: [], update });
    else print(updateText(update));
    return 0;
  }
  const baseline = readBaseline(options.baseline);
  const pairs = results.map((current) => ({
    current,
    baseline: recordFor(baseline, current.scenario, options.baseline),
  }));
  const verdict = gate(pairs);
  if (json) printJson(verdict);
  else print(gateText(verdict, colours()));
  const given = new Set(results.map((result) => result.scenario));
  const others = Object.keys(baseline.scenarios).filter((name) => !given.has(name));
  if (others.length > 0) note(`not compared, since no result of it was given: ${others.join(', ')}`, options);
  return ({ pass: 0, fail: 1, inconclusive: 3 } as const)[verdict.verdict];
}

function refuseTwice(results: readonly ReadResult[], args: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const [index, { scenario }] of results.entries()) {
    const first = seen.get(scenario);
    if (first !== undefined)
      throw complain({
        file: args[index]!,
        found: `the scenario ${show(scenario)} a second time`,
        expected: `one result a scenario (${first} is of it too)`,
      });
    seen.set(scenario, args[index]!);
  }
}

function updateText({ file, changed, scenarios, kept }: BaselineUpdate): string {
  const what = scenarios.map(({ scenario, was, metrics }) => `${scenario} ${was} (${metrics} metrics)`);
  const rest = kept.length === 0 ? '' : `; kept ${kept.join(', ')}`;
  return `${changed ? `wrote ${file}` : `${file} is up to date`}: ${what.join(', ')}${rest}`;
}
