import { type CandidateEntry, referenceName, type ScenarioFile } from './schema.js';

/** One design of the space that a scenario spans. */
export interface Candidate {
  /** Place in candidate order. */
  readonly index: number;
  /** Readable and unique: `deepthings-wrn-40-4-15-3x3-on-4`. */
  readonly id: string;
  /** JSON path of the entry that it comes from, for messages. */
  readonly path: string;
  readonly strategy: CandidateEntry['strategy'];
  /** The network, of a NoNN that of its students. */
  readonly network: string;
  /** Devices that compute. */
  readonly devices: number;
  /** Students of a NoNN, otherwise 0. */
  readonly students: number;
  readonly fused?: number;
  readonly grid?: { readonly rows: number; readonly columns: number };
  readonly partition?: Extract<CandidateEntry, { strategy: 'nonn' }>['partition'];
  /** Networks of a NoNN's students where those are unlike: one for each device. */
  readonly bodies?: readonly string[];
  /** File of a NoNN's weights. */
  readonly weights?: string;
}

/** Every combination of an entry's lists, entry by entry; the last list of an entry changes fastest. */
export function expandCandidates(file: ScenarioFile): Candidate[] {
  const teacher = referenceName(file.networks.teacher);
  const drafts = file.candidates.flatMap((entry, position) => {
    const path = `candidates[${position}]`;
    return expandEntry(entry, teacher).map((draft) => ({ ...draft, path }));
  });
  return drafts.map((draft, index) => ({ index, ...draft }));
}

type Draft = Omit<Candidate, 'index' | 'path'>;

function expandEntry(entry: CandidateEntry, teacher: string): Draft[] {
  switch (entry.strategy) {
    case 'single':
      return (entry.network ?? [teacher]).map((network) => ({
        id: `single-${network}`,
        strategy: entry.strategy,
        network,
        devices: 1,
        students: 0,
      }));
    case 'horizontal':
      return (entry.network ?? [teacher]).flatMap((network) =>
        entry.devices.map((devices) => ({
          id: `horizontal-${network}-on-${devices}`,
          strategy: entry.strategy,
          network,
          devices,
          students: 0,
        })),
      );
    case 'deepthings':
      return (entry.network ?? [teacher]).flatMap((network) =>
        entry.fused.flatMap((fused) =>
          entry.grid.flatMap((grid) =>
            entry.devices.map((devices) => {
              const [rows, columns] = grid.split('x').map(Number) as [number, number];
              const id = `deepthings-${network}-${fused}-${grid}-on-${devices}`;
              return {
                id,
                strategy: entry.strategy,
                network,
                devices,
                students: 0,
                fused,
                grid: { rows, columns },
              };
            }),
          ),
        ),
      );
    case 'nonn': {
      const { strategy, partition, weights, bodies } = entry;
      const common = { strategy, partition, ...(weights === undefined ? {} : { weights }) };
      if (bodies !== undefined) {
        const { id, network } = unlike(bodies);
        return [{ id, network, devices: bodies.length, students: bodies.length, bodies, ...common }];
      }
      return entry.student!.flatMap((network) =>
        entry.students!.map((students) => ({
          id: `nonn-${network}-x${students}`,
          network,
          devices: students,
          students,
          ...common,
        })),
      );
    }
  }
}

/** How a NoNN of unlike students is called: `nonn-wrn-28-1-x1+wrn-16-1-x2`, in the order of the devices. */
function unlike(bodies: readonly string[]): { readonly id: string; readonly network: string } {
  const runs: { name: string; count: number }[] = [];
  for (const name of bodies) {
    const last = runs.at(-1);
    if (last?.name === name) last.count++;
    else runs.push({ name, count: 1 });
  }
  return {
    id: `nonn-${runs.map(({ name, count }) => `${name}-x${count}`).join('+')}`,
    network: [...new Set(bodies)].join('+'),
  };
}
