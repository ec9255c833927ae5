import { complain, NonnError, nearest } from '../foundation/index.js';
import type { Id, Layer } from './layer.js';
import { operatorOf, type Weight } from './layers/index.js';
import type { Shape } from './region.js';

/** Numbers of a layer's learned tensors by the tensor's name, read from where they are kept at every call. */
export type StoredWeights = (layer: Id) => Readonly<Record<string, Float32Array>>;

/** A layer graph with its shapes: layers in an order in which each comes after its inputs. */
export interface Network {
  readonly id: Id;
  readonly layers: readonly Layer[];
  readonly inputs: readonly Id[];
  readonly output: Id;
  readonly byId: ReadonlyMap<Id, Layer>;
  readonly shapes: ReadonlyMap<Id, Shape>;
  /** Layers that read a layer's output. */
  readonly consumers: ReadonlyMap<Id, readonly Id[]>;
  /** Weights that came with it from a file; whatever runs a network without them draws them from its seed. */
  readonly weights?: StoredWeights;
  /** How its kernels are kept: float32 where it is left out; see `storeWeights`. */
  readonly dtype?: 'float32' | 'int8';
}

/**
 * Builds a network from its layers, in any order: sorts them (keeping the given order where it can) and infers shapes.
 * @throws NonnError for a repeated name, an unknown input, a cycle, or shapes that do not fit.
 */
export function network(id: Id, layers: readonly Layer[], output: Id): Network {
  const byId = new Map<Id, Layer>();
  for (const layer of layers) {
    if (byId.has(layer.id))
      throw new NonnError(`network ${id}: found two layers named "${layer.id}", expected unique names`);
    byId.set(layer.id, layer);
  }
  for (const name of [output, ...layers.flatMap((layer) => layer.inputs)]) {
    if (!byId.has(name)) {
      const suggestion = nearest(name, byId.keys());
      throw complain({
        file: `network ${id}`,
        found: `a reference to "${name}"`,
        expected: 'the name of a layer',
        suggestion,
      });
    }
  }
  if (byId.get(output)!.kind === 'constant')
    throw new NonnError(
      `network ${id}: found the constant "${output}" as output, expected a layer that is computed`,
    );
  const sorted = sortByInputs(id, layers, byId);
  const shapes = new Map<Id, Shape>();
  const consumers = new Map<Id, Id[]>(sorted.map((layer) => [layer.id, []]));
  for (const layer of sorted) {
    const inputs = layer.inputs.map((input) => shapes.get(input)!);
    if (layer.kind !== 'input' && layer.kind !== 'constant' && inputs.length === 0)
      throw new NonnError(`network ${id}: layer ${layer.id}: found no input, expected one`);
    const shape = operatorOf(layer).outputShape(layer, inputs);
    if (!shape.every((size) => Number.isSafeInteger(size) && size > 0)) {
      throw new NonnError(
        `network ${id}: layer ${layer.id}: found an output of ${shape.join('x')}, expected whole numbers above 0`,
      );
    }
    shapes.set(layer.id, shape);
    for (const input of layer.inputs) consumers.get(input)!.push(layer.id);
  }
  const inputs = sorted.filter((layer) => layer.kind === 'input').map((layer) => layer.id);
  return { id, layers: sorted, inputs, output, byId, shapes, consumers };
}

/** Shapes of a layer's inputs, in order. */
export function inputShapes(of: Network, layer: Layer): readonly Shape[] {
  return layer.inputs.map((input) => of.shapes.get(input)!);
}

/** Learned tensors of a layer. */
export function weightsOf(of: Network, layer: Layer): readonly Weight[] {
  return operatorOf(layer).weights(layer, inputShapes(of, layer));
}

function sortByInputs(id: Id, layers: readonly Layer[], byId: ReadonlyMap<Id, Layer>): Layer[] {
  const done = new Set<Id>();
  const open = new Set<Id>();
  const sorted: Layer[] = [];
  // An explicit stack: imported graphs may be thousands of layers deep.
  for (const root of layers) {
    const stack: { layer: Layer; next: number }[] = [{ layer: root, next: 0 }];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      if (done.has(top.layer.id)) {
        stack.pop();
      } else if (top.next === top.layer.inputs.length) {
        open.delete(top.layer.id);
        done.add(top.layer.id);
        sorted.push(top.layer);
        stack.pop();
      } else {
        open.add(top.layer.id);
        const input = byId.get(top.layer.inputs[top.next++]!)!;
        if (open.has(input.id))
          throw new NonnError(
            `network ${id}: found a cycle through layer "${input.id}", expected a graph without cycles`,
          );
        if (!done.has(input.id)) stack.push({ layer: input, next: 0 });
      }
    }
  }
  return sorted;
}
