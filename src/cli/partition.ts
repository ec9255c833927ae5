import { checkWritable, complain, documentText, writeAtomically } from '../foundation/index.js';
import type { StudentCost } from '../learn/index.js';
import { type FoundPartition, type Pooling, partitionFilters } from '../partition/index.js';
import { filterNetworkPlot, renderSvg } from '../report/index.js';
import type { CommandExit } from './command.js';
import { note, print, printJson } from './output.js';
import { type BodyOptions, chooseBodies, readBudgets } from './partition-bodies.js';
import { readSource, type SourceOptions } from './partition-source.js';
import { partitionText } from './partition-text.js';

export interface PartitionCommandOptions extends SourceOptions, BodyOptions {
  readonly pool?: Pooling;
  readonly resolution?: number;
  readonly out?: string;
  readonly filterNetworkOut?: string;
  readonly plot?: string;
}

/** `nonn partition --students N`: which filters of a teacher each student of a NoNN learns, and with which body. */
export async function run(_args: readonly string[], options: PartitionCommandOptions): Promise<CommandExit> {
  const { students, pool = 'published', resolution, out, filterNetworkOut, plot } = options;
  if (plot !== undefined && !plot.endsWith('.svg'))
    throw complain({ file: '--plot', found: `"${plot}"`, expected: 'a file NAME.svg' });
  if (filterNetworkOut !== undefined && options.filterNetwork !== undefined)
    throw complain({
      file: '--filter-network-out',
      found: 'it beside --filter-network',
      expected: 'a teacher whose filter network is written',
    });
  const budgets = readBudgets(options);
  for (const file of [out, filterNetworkOut, plot]) if (file !== undefined) checkWritable(file);
  const { network, origin, input, seed: trained } = await readSource(options);
  // Before anything can be wrong with the partition: the activities may have taken minutes.
  if (filterNetworkOut !== undefined) writeAtomically(filterNetworkOut, `${JSON.stringify(network)}\n`);
  const seed = options.seed ?? trained ?? 1;
  const found = partitionFilters(network, { students, pool, resolution, seed });
  const bodies = budgets === null ? null : chooseBodies(found.students, budgets, input, options);
  const result = resultOf(found, bodies);
  if (out !== undefined) writeAtomically(out, documentText(result));
  if (plot !== undefined)
    writeAtomically(plot, await renderSvg(await filterNetworkPlot({ ...found, origin })));
  if (options.json) printJson(result);
  else print(partitionText(found, { origin, pool, bodies }));
  for (const [file, what] of [
    [out, 'the partition'],
    [filterNetworkOut, 'the filter network'],
    [plot, 'the filter graph by community'],
  ] as const)
    if (file !== undefined) note(`${file}: ${what}`, options);
  return 0;
}

/** What `--json` prints and a scenario reads. */
function resultOf(found: FoundPartition, bodies: readonly StudentCost[] | null) {
  const { edges, resolution, modularity, communities, students, unassigned } = found;
  return {
    filters: communities.reduce((sum, community) => sum + community.length, 0),
    edges: edges.length,
    resolution,
    modularity,
    communities,
    students,
    unassigned,
    ...(bodies === null ? {} : { bodies }),
  };
}
