import { unitsByOutput } from '../kernel/index.js';
import type { Network } from '../network/index.js';
import { chain } from './chain.js';
import { PlanBuilder } from './plan-builder.js';
import type { Setting, Strategised } from './setting.js';

/** The whole network on one board: the first of the setting's devices. */
export function planSingle(network: Network, setting: Setting): Strategised {
  const device = setting.devices[0]!;
  const builder = new PlanBuilder('single', network, setting);
  const pieces = new Map([[builder.input.layer, builder.send(setting.source, device, builder.input)]]);
  chain(builder, network, device, [...unitsByOutput(network).values()], pieces);
  const output = builder.send(device, setting.sink, pieces.get(network.output)!);
  return { plan: builder.finish(output), network };
}
