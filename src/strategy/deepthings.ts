import { NonnError } from '../foundation/index.js';
import { fusedPrefix, type Id, requiredRegions } from '../kernel/index.js';
import { type Network, type Range, type Region, wholeOf } from '../network/index.js';
import { PlanBuilder } from './plan-builder.js';
import type { Setting, Strategised } from './setting.js';

/** How the fused layers are cut. */
export interface Tiling {
  readonly rows: number;
  readonly columns: number;
  /** How many units after the input are fused. */
  readonly fused: number;
}

/**
 * Fused tiles (Zhao, Barijough, Gerstlauer, DeepThings, TCAD 2018): the output of the last fused layer is cut into a
 * grid, each tile's region is traced back to the input and computed by one device without talking to others. Tiles go
 * round the devices in order (without stealing); the sink joins their outputs and runs the remaining layers.
 */
export function planDeepThings(network: Network, setting: Setting, tiling: Tiling): Strategised {
  const prefix = fusedPrefix(network, tiling.fused);
  const builder = new PlanBuilder('deepthings', network, setting);
  const sink = setting.sink;
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
  return { plan: builder.finish(output), network };
}

/** Cells of the grid, row by row: each is ceil(size / parts) wide, the last takes the rest, as in the authors' code. */
export function gridRegions(network: Network, layer: Id, tiling: Tiling): Region[] {
  const [height, width] = network.shapes.get(layer)!;
  const rows = cells(height, tiling.rows, 'rows', network.id);
  const columns = cells(width, tiling.columns, 'columns', network.id);
  return rows.flatMap((row) => columns.map((column) => ({ rows: row, columns: column })));
}

function cells(size: number, parts: number, axis: string, id: Id): Range[] {
  const width = Math.ceil(size / parts);
  if (width * (parts - 1) >= size) {
    throw new NonnError(
      `network ${id}: found a grid of ${parts} ${axis} over a map of ${size}, expected one that leaves no tile empty (cells are ${width} wide)`,
    );
  }
  return Array.from(
    { length: parts },
    (_, index) => [index * width, Math.min(size, (index + 1) * width)] as const,
  );
}
