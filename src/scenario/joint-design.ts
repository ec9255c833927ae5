import { statSync } from 'node:fs';
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
  student: Network,
): { readonly joint: JointNetwork; readonly trained: TrainedDesign | null } {
  const { trained: records, folder } = scenario;
  const teacher = scenario.networks.get(scenario.teacher)!;
  const partition = partitionOf(scenario, candidate, lastMapFilters(teacher));
  const file = candidate.weights === undefined ? undefined : resolve(folder, candidate.weights);
  if (file !== undefined) checkFile(file);
  const weights = file === undefined || records === null ? undefined : weightsHash(file);
  const build = (size?: FeatureSize) => {
    const joint = joined(candidate, student, teacher, partition, size);
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
  { network, students }: Candidate,
  student: Network,
  teacher: Network,
  partition: Partition,
  size: FeatureSize | undefined,
): JointNetwork {
  const classes = teacher.shapes.get(teacher.output)![2];
  const bodies = partition.students.map(() => student);
  const joint = joinStudents(`nonn-${network}-x${students}`, bodies, partition, classes, size);
  // Each student keeps its kernels as its network does.
  return student.dtype === undefined
    ? joint
    : { ...joint, network: { ...joint.network, dtype: student.dtype } };
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
  const isFolder = statSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
  const { students } = readDocument(isFolder ? join(place, PARTITION_FILE) : place, partitionFile);
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
