import {
  type Id,
  isGiven,
  isSplittable,
  neededInputs,
  type Unit,
  unitInputs,
  unitsByOutput,
} from '../kernel/index.js';
import { bounding, intersect, isEmpty, type Network, type Region, wholeOf } from '../network/index.js';
import { type Piece, regionOf } from '../plan/index.js';
import { PlanBuilder } from './plan-builder.js';
import { computingSink, type Setting, type Strategised } from './setting.js';
import { cutInProportion, strip } from './strips.js';

/** A part of a layer's output that a device computes. */
interface Part {
  readonly device: Id;
  readonly region: Region;
}

/**
 * Every layer split over all devices: strips along the longer edge of the input, in proportion to `shares` (equal
 * where left out), and the rows at the borders exchanged between neighbours before each layer that looks beyond its
 * own strip (MoDNN's biased one-dimensional partition, Mao et al., DATE 2017, with direct exchange in place of a
 * gather and scatter a layer). From the first layer that cannot be split in space, the rest runs on the sink.
 */
export function planHorizontal(network: Network, setting: Setting, shares?: readonly number[]): Strategised {
  const builder = new PlanBuilder('horizontal', network, setting);
  const units = [...unitsByOutput(network).values()].filter((unit) => !isGiven(unit.anchor));
  const parts = assignParts(network, units, setting, shares ?? setting.devices.map(() => 1));
  const needs = collectNeeds(network, units, parts, setting.sink);
  // What each device holds of each layer: its own part, then what neighbours sent.
  const holdings = new Map<string, Piece[]>();
  const holding = (layer: Id, device: Id) => {
    const key = `${layer}@${device}`;
    const list = holdings.get(key) ?? [];
    holdings.set(key, list);
    return list;
  };
  const share = (piece: Piece, owner: Id) => {
    for (const device of new Set([...setting.devices, setting.sink])) {
      const need = needs.get(piece.layer)?.get(device);
      if (need === undefined || device === owner || builder.holds(device, piece)) continue;
      const wanted = intersect(need, regionOf(piece));
      if (!isEmpty(wanted)) holding(piece.layer, device).push(builder.send(owner, device, piece, wanted));
    }
  };
  for (const device of setting.devices)
    if (builder.holds(device, builder.input)) holding(builder.input.layer, device).push(builder.input);
  share(builder.input, setting.source);
  for (const unit of units) {
    const made = parts.get(unit.output)!.map(({ device, region }) => {
      const needed = neededInputs(network, unit, region);
      const reads = unitInputs(unit).flatMap((layer, index) =>
        holding(layer, device).filter((piece) => !isEmpty(intersect(regionOf(piece), needed[index]!.region))),
      );
      return { device, piece: builder.compute(device, unit.output, region, [...new Set(reads)]) };
    });
    for (const { device, piece } of made) holding(unit.output, device).push(piece);
    for (const { device, piece } of made) share(piece, device);
  }
  return { plan: builder.finish(gatherOutput(builder, network, parts, holding, setting)), network };
}

function assignParts(
  network: Network,
  units: readonly Unit[],
  setting: Setting,
  shares: readonly number[],
): Map<Id, Part[]> {
  const [height, width] = network.shapes.get(network.inputs[0]!)!;
  const axis = width > height ? 'columns' : 'rows';
  const parts = new Map<Id, Part[]>();
  // Constants are wherever they are read, so they gather nothing and split nothing.
  const gathered = new Set<Id>(network.layers.filter(({ kind }) => kind === 'constant').map(({ id }) => id));
  for (const unit of units) {
    const shape = network.shapes.get(unit.output)!;
    if (!isSplittable(network, unit) || unitInputs(unit).every((layer) => gathered.has(layer))) {
      gathered.add(unit.output);
      parts.set(unit.output, [{ device: computingSink(setting), region: wholeOf(shape) }]);
      continue;
    }
    const ranges = cutInProportion(axis === 'rows' ? shape[0] : shape[1], shares);
    parts.set(
      unit.output,
      ranges
        .map((range, index) => ({ device: setting.devices[index]!, region: strip(shape, axis, range) }))
        .filter(({ region }) => !isEmpty(region)),
    );
  }
  return parts;
}

/** For each layer and device, the region that the device's parts of later layers read. */
function collectNeeds(
  network: Network,
  units: readonly Unit[],
  parts: ReadonlyMap<Id, readonly Part[]>,
  sink: Id,
): Map<Id, Map<Id, Region>> {
  const needs = new Map<Id, Map<Id, Region>>();
  const need = (layer: Id, device: Id, region: Region) => {
    const ofLayer = needs.get(layer) ?? new Map<Id, Region>();
    needs.set(layer, ofLayer);
    const known = ofLayer.get(device);
    ofLayer.set(device, known === undefined ? region : bounding(known, region));
  };
  for (const unit of units) {
    for (const { device, region } of parts.get(unit.output)!) {
      for (const [index, needed] of neededInputs(network, unit, region).entries())
        need(unitInputs(unit)[index]!, device, needed.region);
    }
  }
  if (parts.get(network.output)!.length > 1)
    need(network.output, sink, wholeOf(network.shapes.get(network.output)!));
  return needs;
}

/** The output in one piece on the sink, joined there from the devices' strips if it is still split. */
function gatherOutput(
  builder: PlanBuilder,
  network: Network,
  parts: ReadonlyMap<Id, readonly Part[]>,
  holding: (layer: Id, device: Id) => readonly Piece[],
  setting: Setting,
): Piece {
  const [first, ...others] = parts.get(network.output)!;
  if (others.length === 0)
    return builder.send(first!.device, setting.sink, holding(network.output, first!.device)[0]!);
  const whole = wholeOf(network.shapes.get(network.output)!);
  return builder.compute(
    setting.sink,
    network.output,
    whole,
    holding(network.output, setting.sink),
    ' joined',
  );
}
