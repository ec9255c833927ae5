import { NonnError } from '../foundation/index.js';
import type { Cluster, ClusterDevice, ClusterOrigin } from './cluster-schema.js';
import { workCost } from './latency.js';
import { mediumModel } from './medium.js';
import type { DeviceModel, Platform } from './platform.js';
import { figureOf } from './sourced.js';

/**
 * A cluster that is ready to be simulated: what its profiles say of its devices, costs from their latency models,
 * links from its medium.
 * @param where file and JSON path of the cluster, for errors.
 * @throws NonnError for a cluster without devices, a name twice, or a figure that neither medium nor profile has.
 */
export function platformOf(cluster: Cluster, where: ClusterOrigin = {}): Platform {
  if (cluster.devices.length === 0) throw new NonnError('cluster: found no device, expected at least one');
  const byName = new Map(cluster.devices.map((device) => [device.name, device]));
  if (byName.size < cluster.devices.length)
    throw new NonnError('cluster: found a device name twice, expected a name of its own for each device');
  const medium = mediumModel(cluster.devices, cluster.medium, where);
  return {
    devices: cluster.devices.map(deviceModel),
    topology: medium.topology,
    costs: {
      task(work, device, moved) {
        const found = byName.get(device);
        if (found === undefined)
          throw new NonnError(
            `cluster: found no device "${device}", expected one of ${[...byName.keys()].join(', ')}`,
          );
        return workCost(found.profile, found.threads, work, moved);
      },
      message: (_bytes, from, to) => medium.latency(from, to),
    },
  };
}

function deviceModel({ name, profile, threads }: ClusterDevice): DeviceModel {
  const { energy, memory } = profile;
  return {
    name,
    profile: profile.name,
    threads,
    memory: figureOf(memory.available ?? memory.sram),
    ...(memory.flash === undefined
      ? {}
      : { flash: figureOf(memory.flash), runtimeCode: figureOf(memory.runtimeCode) }),
    runtimeBase: figureOf(memory.runtimeBase),
    weightCopies: figureOf(memory.weightCopies) ?? 1,
    power: {
      idle: figureOf(energy.idle),
      compute: figureOf(energy.compute[String(threads)]),
      send: figureOf(energy.send),
      receive: figureOf(energy.receive),
    },
    powerPath: `${profile.name}: energy`,
  };
}
