import { fusedPrefix, gridRegions, requiredRegions, type Tiling } from '../kernel/index.js';
import { type Network, wholeOf } from '../network/index.js';
import { PlanBuilder } from './plan-builder.js';
import { computingSink, type Setting, type Strategised } from './setting.js';

/**
 * Fused tiles (Zhao, Barijough, Gerstlauer, DeepThings, TCAD 2018): the output of the last fused layer is cut into a
 * grid, each tile's region is traced back to the input and computed by one device without talking to others. Tiles go
 * round the devices in order (without stealing); the sink joins their outputs and runs the remaining layers.
 */
export function planDeepThings(network: Network, setting: Setting, tiling: Tiling): Strategised {
  const prefix = fusedPrefix(network, tiling.fused);
  const builder = new PlanBuilder('deepthings', network, setting);
  const sink = computingSink(setting);
  const tiles = gridRegions(network, prefix.output, tiling);
  const deviceOf = (index: number) => setting.devices[index % setting.devices.length]!;
  // The file's order is the order of service: tiles for others leave before the source starts on its own.
  const inputs = tiles.map((region, index) => {
    const demand = [{ layer: prefix.output, region }];
    const needed = requiredRegions(network, [prefix.input], demand).get(prefix.input)!;
    return builder.holds(deviceOf(index), builder.input)
      ? builder.input
      : builder.send(setting.source, deviceOf(index), builder.input, needed, ` tile ${index}`);
  });
  const outputs = tiles.map((region, index) => {
    const device = deviceOf(index);
    const piece = builder.compute(device, prefix.output, region, [inputs[index]!], ` tile ${index}`);
    return { device, piece };
  });
  const gathered = outputs.map(({ device, piece }) => builder.send(device, sink, piece));
  const output =
    prefix.output === network.output && gathered.length === 1
      ? gathered[0]!
      : builder.compute(sink, network.output, wholeOf(network.shapes.get(network.output)!), gathered);
  return { plan: builder.finish(builder.send(sink, setting.sink, output)), network };
}
