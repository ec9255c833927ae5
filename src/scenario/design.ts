import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
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

/**
 * Compiles a candidate to its plan.
 * @throws NonnError that names the scenario and the entry, if the design cannot be built.
 */
export function designOf(scenario: Scenario, candidate: Candidate): Strategised {
  const setting = settingOf(scenario, candidate);
  const network = scenario.networks.get(candidate.network)!;
  return located(scenario.file, candidate.path, () => {
    switch (candidate.strategy) {
      case 'single':
        return planSingle(network, setting);
      case 'horizontal':
        return planHorizontal(network, setting, speedShares(scenario, network, setting.devices));
      case 'deepthings':
        return planDeepThings(network, setting, { ...candidate.grid!, fused: candidate.fused! });
      case 'nonn':
        return planNonn(jointOf(scenario, candidate, network), setting);
    }
  });
}

/** How fast each device runs the whole network, as shares of its layers; equal ones where devices are alike. */
function speedShares({ platform }: Scenario, network: Network, devices: readonly Id[]): number[] {
  const work = { kind: 'kernels', kernels: lowerWhole(network).kernels } as const;
  return devices.map((device) => 1 / platform.costs.task(work, device).seconds);
}

/** The source first, then the sink, then the others in the order of the cluster: the first ones compute. */
function settingOf(scenario: Scenario, candidate: Candidate): Setting {
  const { source, sink, inputAt, inputType } = scenario.workload;
  const order: readonly Id[] = [
    ...new Set([source, sink, ...scenario.platform.devices.map((device) => device.name)]),
  ];
  return { devices: order.slice(0, candidate.devices), source, sink, inputAt, inputType };
}

function jointOf(scenario: Scenario, candidate: Candidate, student: Network) {
  const teacher = scenario.networks.get(scenario.teacher)!;
  const filters = lastMapFilters(teacher);
  const partition = partitionOf(scenario, candidate, filters);
  const classes = teacher.shapes.get(teacher.output)![2];
  const bodies = partition.students.map(() => student);
  const joint = joinStudents(`nonn-${candidate.network}-x${candidate.students}`, bodies, partition, classes);
  // Each student keeps its kernels as its network does; the weights of a whole network are not those of its students.
  return student.dtype === undefined
    ? joint
    : { ...joint, network: { ...joint.network, dtype: student.dtype } };
}

const partitionFile = z.object({ students: z.array(z.array(z.int().min(0)).min(1)).min(1) });

function partitionOf(scenario: Scenario, candidate: Candidate, filters: number): Partition {
  const given = candidate.partition!;
  if (typeof given !== 'string') return assumePartition(filters, candidate.students, given.assumed);
  const file = isAbsolute(given) ? given : resolve(scenario.folder, given);
  const { students } = readDocument(file, partitionFile);
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
