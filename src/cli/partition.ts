import {
  assignCommunities,
  findCommunities,
  type Pooling,
  PUBLISHED_RESOLUTION,
  readFilterNetwork,
  strongEdges,
} from '../partition/index.js';
import { columns } from './columns.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { print, printJson } from './output.js';

export interface PartitionCommandOptions extends GlobalOptions {
  readonly students: number;
  readonly filterNetwork: string;
  readonly pool?: Pooling;
  readonly resolution?: number;
}

/** `nonn partition --students N --filter-network FILE`: which filters each student of a NoNN learns. */
export async function run(_args: readonly string[], options: PartitionCommandOptions): Promise<CommandExit> {
  const {
    students: count,
    filterNetwork,
    pool = 'published',
    resolution = PUBLISHED_RESOLUTION,
    seed = 1,
  } = options;
  const network = readFilterNetwork(filterNetwork);
  const edges = strongEdges(network);
  const { communities, modularity } = findCommunities(edges, resolution, seed);
  const { students, unassigned } = assignCommunities(communities, network.filters, count, pool);
  const filters = communities.reduce((sum, community) => sum + community.length, 0);
  if (options.json) {
    printJson({ filters, edges: edges.length, resolution, modularity, communities, students, unassigned });
    return 0;
  }
  print(`${network.filters} filters; ${filters} of them joined by the ${edges.length} strongest edges`);
  print(
    `${communities.length} communities of ${communities.map((community) => community.length).join(', ')} filters; modularity ${modularity.toFixed(4)} at resolution ${resolution.toFixed(3)}\n`,
  );
  print(
    columns(
      ['student', 'filters', 'which'],
      students.map((filters, index) => [String(index + 1), String(filters.length), summary(filters)]),
    ),
  );
  print(`\n${unassigned.length} filters have no student (${pool} pooling); --json lists all`);
  return 0;
}

function summary(filters: readonly number[]): string {
  const first = filters.slice(0, 12).join(', ');
  return filters.length > 12 ? `${first}, ...` : first;
}
