import { type Network, wholeOf } from '../network/index.js';
import { PlanBuilder } from './plan-builder.js';
import type { Setting, Strategised } from './setting.js';

/**
 * The whole network on one board, the first of the setting's devices. It is one task: a runtime does not begin
 * another inference between two layers.
 */
export function planSingle(network: Network, setting: Setting): Strategised {
  const device = setting.devices[0]!;
  const builder = new PlanBuilder('single', network, setting);
  const input = builder.send(setting.source, device, builder.input);
  const whole = wholeOf(network.shapes.get(network.output)!);
  const output = builder.compute(device, network.output, whole, [input]);
  return { plan: builder.finish(builder.send(device, setting.sink, output)), network };
}
