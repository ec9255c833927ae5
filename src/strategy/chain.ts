import { type Id, type Unit, unitInputs } from '../kernel/index.js';
import { type Network, wholeOf } from '../network/index.js';
import type { Piece } from '../plan/index.js';
import type { PlanBuilder } from './plan-builder.js';

/**
 * Runs units whole on one device, a task each, from the pieces of layers that it holds. `pieces` maps a layer to the
 * piece of its whole output, and is filled as the units run.
 */
export function chain(
  builder: PlanBuilder,
  network: Network,
  device: Id,
  units: readonly Unit[],
  pieces: Map<Id, Piece>,
): void {
  for (const unit of units) {
    if (unit.anchor.kind === 'input') continue;
    const reads = [...new Set(unitInputs(unit))].map((layer) => pieces.get(layer)!);
    pieces.set(
      unit.output,
      builder.compute(device, unit.output, wholeOf(network.shapes.get(unit.output)!), reads),
    );
  }
}
