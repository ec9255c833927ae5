import type { Unit } from '../kernel/index.js';
import type { Id, Network } from '../network/index.js';
import { type Loaded, load, loadedBytes, unload } from './unit-operands.js';
import type { Weights } from './weights.js';

/** A network whose units' weights are folded and uploaded once, each when it is first wanted. */
export class LoadedNetwork {
  readonly #loaded = new Map<Id, Loaded>();

  constructor(
    readonly network: Network,
    readonly weights: Weights,
  ) {}

  unit(unit: Unit): Loaded {
    let loaded = this.#loaded.get(unit.output);
    if (loaded === undefined) {
      loaded = load(this.network, unit, this.weights);
      this.#loaded.set(unit.output, loaded);
    }
    return loaded;
  }

  /** Bytes of the weights of a unit. */
  bytes(unit: Unit): number {
    return loadedBytes(this.unit(unit));
  }

  dispose(): void {
    for (const loaded of this.#loaded.values()) unload(loaded);
    this.#loaded.clear();
  }
}
