import { formatUnit } from '../foundation/index.js';
import type { StudentCost } from '../learn/index.js';
import type { FoundPartition, Pooling } from '../partition/index.js';
import { columns } from './columns.js';

export interface PartitionTextOptions {
  readonly origin: string;
  readonly pool: Pooling;
  readonly bodies: readonly StudentCost[] | null;
}

/** A partition for people: communities, students, and their bodies where a budget was given. */
export function partitionText(found: FoundPartition, { origin, pool, bodies }: PartitionTextOptions): string {
  const { filters, edges, communities, modularity, resolution, students, unassigned } = found;
  const joined = communities.reduce((sum, community) => sum + community.length, 0);
  const sizes = communities.map((community) => community.length).join(', ');
  const lines = [
    origin,
    `${filters} filters; ${joined} of them joined by the ${edges.length} strongest edges`,
    `${communities.length} communities of ${sizes} filters; modularity ${modularity.toFixed(4)} at resolution ${resolution.toFixed(3)}`,
    '',
    columns(
      ['student', 'filters', 'communities', 'which'],
      students.map((own, index) => [
        String(index + 1),
        String(own.length),
        String(communities.filter((group) => own.includes(group[0]!)).length),
        summary(own),
      ]),
    ),
    '',
    unassigned.length === 0
      ? `every filter has a student (${pool} pooling)`
      : `${unassigned.length} filters have no student (${pool} pooling); --json lists all`,
  ];
  if (bodies !== null)
    lines.push(
      '',
      columns(
        ['student', 'body', 'parameters', 'float32', 'int8', 'activations', 'memory', 'FLOP'],
        bodies.map((body, index) => [
          String(index + 1),
          body.body,
          body.parameters.toLocaleString('en-US'),
          formatUnit(body.weightBytes.float32, 'bytes'),
          formatUnit(body.weightBytes.int8, 'bytes'),
          formatUnit(body.peakActivationBytes, 'bytes'),
          formatUnit(body.memory, 'bytes'),
          formatUnit(body.flops, 'work'),
        ]),
      ),
      '',
      'the body with most FLOP within the budget; memory: float32 weights and activations',
    );
  return lines.join('\n');
}

function summary(filters: readonly number[]): string {
  const first = filters.slice(0, 12).join(', ');
  return filters.length > 12 ? `${first}, ...` : first;
}
