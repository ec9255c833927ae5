import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { complain, readDocument } from '../foundation/index.js';
import { type Id, lowerWhole } from '../kernel/index.js';
import type { Network } from '../network/index.js';
import { assumePartition, type Partition } from '../partition/index.js';
import {
  joinStudents,
  lastMapFilters,
  planDeepThings,
  planHorizontal,
  planNonn,
  planSingle,
  type Setting,
  type Strategised,
} from '../strategy/index.js';
import type { Candidate } from './candidate.js';
import { located, type Scenario } from './scenario.js';
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

/** A candidate's plan, its network, and the training runs of exactly this design, if there are any. */
export interface Design extends Strategised {
  readonly trained: TrainedDesign | null;
}

/**
 * Compiles a candidate to its plan. Its network has the weights that the scenario gives it, or else those of its training.
 * @throws NonnError that names the scenario and the entry, if the design cannot be built.
 */
export function designOf(scenario: Scenario, candidate: Candidate): Design {
  const setting = settingOf(scenario, candidate.devices);
  const given = scenario.networks.get(candidate.network)!;
  return located(scenario.file, candidate.path, () => {
    if (candidate.strategy === 'nonn') {
      const { joint, trained } = jointOf(scenario, candidate, given);
      return { ...planNonn(joint, setting), trained };
    }
    const { network, trained } = wholeOf(scenario, candidate, given);
    switch (candidate.strategy) {
      case 'single':
        return { ...planSingle(network, setting), trained };
      case 'horizontal': {
        const shares = speedShares(scenario, network, setting.devices);
        return { ...planHorizontal(network, setting, shares), trained };
      }
      case 'deepthings': {
        const tiling = { ...candidate.grid!, fused: candidate.fused! };
        return { ...planDeepThings(network, setting, tiling), trained };
      }
    }
  });
}

/** A network that is not divided into students, with what is known of its training. */
function wholeOf({ trained: records, weights }: Scenario, candidate: Candidate, network: Network) {
  if (records === null) return { network, trained: null };
  // Weights that came in the network's own file were trained elsewhere.
  const own = weights.get(candidate.network) ?? (network.weights === undefined ? undefined : '');
  const trained = trainedDesign(records, network, { weights: own });
  const isBare = trained !== null && network.weights === undefined;
  return { network: isBare ? withTrainedWeights(network, trained) : network, trained };
}

/** How fast each device runs the whole network, as shares of its layers; equal ones where devices are alike. */
function speedShares({ platform }: Scenario, network: Network, devices: readonly Id[]): number[] {
  const work = { kind: 'kernels', kernels: lowerWhole(network).kernels } as const;
  return devices.map((device) => 1 / platform.costs.task(work, device).seconds);
}

/**
 * Where a design on so many devices runs: the source first, then the sink, then the others in the order of the cluster,
 * and the first ones compute.
 */
export function settingOf(scenario: Scenario, devices: number): Setting {
  const { source, sink, inputAt, inputType } = scenario.workload;
  const order: readonly Id[] = [
    ...new Set([source, sink, ...scenario.platform.devices.map((device) => device.name)]),
  ];
  const int8 = scenario.cluster.devices.filter(({ profile }) => profile.dtype === 'int8');
  return {
    devices: order.slice(0, devices),
    source,
    sink,
    inputAt,
    inputType,
    ...(int8.length === 0 ? {} : { int8Devices: new Set(int8.map(({ name }) => name)) }),
  };
}

function jointOf(scenario: Scenario, candidate: Candidate, student: Network) {
  const teacher = scenario.networks.get(scenario.teacher)!;
  const filters = lastMapFilters(teacher);
  const partition = partitionOf(scenario, candidate, filters);
  const classes = teacher.shapes.get(teacher.output)![2];
  const bodies = partition.students.map(() => student);
  const joint = joinStudents(`nonn-${candidate.network}-x${candidate.students}`, bodies, partition, classes);
  // Each student keeps its kernels as its network does.
  const bare: Network =
    student.dtype === undefined ? joint.network : { ...joint.network, dtype: student.dtype };
  const { network, trained } = trainedJoint(scenario, candidate, bare, partition);
  return { joint: { ...joint, network }, trained };
}

/** A NoNN with the weights that its entry names, or else those of its training; what neither has stays its students'. */
function trainedJoint(
  { trained: records, folder }: Scenario,
  { weights }: Candidate,
  network: Network,
  partition: Partition,
) {
  if (weights !== undefined) checkFile(resolve(folder, weights));
  const own = weights === undefined || records === null ? undefined : weightsHash(folder, weights);
  const trained = records === null ? null : trainedDesign(records, network, { partition, weights: own });
  if (weights !== undefined) return { network: withWeightsLater(network, resolve(folder, weights)), trained };
  return { network: trained === null ? network : withTrainedWeights(network, trained), trained };
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
