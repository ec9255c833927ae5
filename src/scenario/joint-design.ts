import { join, resolve } from 'node:path';
import { complain, readDocument } from '../foundation/index.js';
import type { Network } from '../network/index.js';
import { assumePartition, type Partition } from '../partition/index.js';
import {
  type FeatureSize,
  featuresOfTeacher,
  type JointNetwork,
  joinStudents,
  lastMapFilters,
} from '../strategy/index.js';
import type { Candidate } from './candidate.js';
import { isFolder } from './place.js';
import type { Scenario } from './scenario.js';
import {
  checkFile,
  type TrainedDesign,
  trainedDesign,
  weightsHash,
  withTrainedWeights,
  withWeightsLater,
} from './trained-design.js';
import { partitionFile } from './trained-stages.js';
import { PARTITION_FILE } from './training-record.js';

/** A candidate's students as one network, with the weights that its entry names, or else those of its training. */
export function jointDesign(
  scenario: Scenario,
  candidate: Candidate,
): { readonly joint: JointNetwork; readonly trained: TrainedDesign | null } {
  const { trained: records, folder, networks } = scenario;
  const { students, network: alike, bodies: unlike = Array<string>(students).fill(alike) } = candidate;
  const bodies = unlike.map((name) => networks.get(name)!);
  const teacher = scenario.networks.get(scenario.teacher)!;
  const partition = partitionOf(scenario, candidate, lastMapFilters(teacher));
  const file = candidate.weights === undefined ? undefined : resolve(folder, candidate.weights);
  if (file !== undefined) checkFile(file);
  const weights = file === undefined || records === null ? undefined : weightsHash(file);
  const build = (size?: FeatureSize) => {
    const joint = joined(candidate, bodies, teacher, partition, size);
    const trained = records === null ? null : trainedDesign(records, joint.network, { partition, weights });
    return { joint, trained };
  };
  const pooled = build();
  // Students may have learned the teacher's last map instead of its means; only a record tells.
  const sized =
    records === null || partition.assumed || pooled.trained !== null ? null : build(mapSize(teacher));
  const { joint, trained } = sized?.trained == null ? pooled : sized;
  const network =
    file !== undefined
      ? withWeightsLater(joint.network, file)
      : trained === null
        ? joint.network
        : withTrainedWeights(joint.network, trained);
  return { joint: { ...joint, network }, trained };
}

function joined(
  { id }: Candidate,
  bodies: readonly Network[],
  teacher: Network,
  partition: Partition,
  size: FeatureSize | undefined,
): JointNetwork {
  const classes = teacher.shapes.get(teacher.output)![2];
  const joint = joinStudents(id, bodies, partition, classes, size);
  // Students keep their kernels as their networks do.
  const [dtype = 'float32', ...others] = new Set(bodies.map((body) => body.dtype ?? 'float32'));
  if (others.length > 0)
    throw complain({
      path: 'bodies',
      found: 'students in float32 and in int8',
      expected: 'all in one of them',
    });
  return dtype === 'float32' ? joint : { ...joint, network: { ...joint.network, dtype } };
}

function mapSize(of: Network): FeatureSize {
  const { teacher, layer } = featuresOfTeacher(of, 'map');
  const [height, width] = teacher.shapes.get(layer)!;
  return [height, width];
}

function partitionOf(scenario: Scenario, candidate: Candidate, filters: number): Partition {
  const given = candidate.partition!;
  if (typeof given !== 'string') return assumePartition(filters, candidate.students, given.assumed);
  const place = resolve(scenario.folder, given);
  const { students } = readDocument(isFolder(place) ? join(place, PARTITION_FILE) : place, partitionFile);
  if (students.length !== candidate.students) {
    throw complain({
      file: given,
      path: 'students',
      found: `${students.length} students`,
      expected: `the candidate's ${candidate.students}`,
    });
  }
  const assigned = new Set(students.flat());
  const largest = Math.max(...assigned);
  if (largest >= filters || assigned.size < students.flat().length) {
    const found = largest >= filters ? `filter ${largest}` : 'a filter with two students';
    throw complain({
      file: given,
      path: 'students',
      found,
      expected: `filters below ${filters}, each with one student at most`,
    });
  }
  const unassigned = Array.from({ length: filters }, (_, filter) => filter).filter(
    (filter) => !assigned.has(filter),
  );
  return { filters, students, unassigned, assumed: false };
}
