import { type Id, lowerWhole } from '../kernel/index.js';
import type { Network } from '../network/index.js';
import {
  planDeepThings,
  planHorizontal,
  planNonn,
  planSingle,
  type Setting,
  type Strategised,
} from '../strategy/index.js';
import type { Candidate } from './candidate.js';
import { jointDesign } from './joint-design.js';
import { located, type Scenario } from './scenario.js';
import { type TrainedDesign, trainedDesign, withTrainedWeights } from './trained-design.js';

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
  return located(scenario.file, candidate.path, () => {
    if (candidate.strategy === 'nonn') {
      const { joint, trained } = jointDesign(scenario, candidate);
      return { ...planNonn(joint, setting), trained };
    }
    const given = scenario.networks.get(candidate.network)!;
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
