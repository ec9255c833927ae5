import type { Id } from '../kernel/index.js';

/** Something that messages share: a wire of so many bytes/s, or the air, of one second of airtime a second. */
export interface Link {
  readonly name: string;
  /** What it carries a second, in the unit of the amounts that cross it. */
  readonly capacity: number;
}

/**
 * How a message loads the links. Its `amount` (bytes on wires, seconds of airtime on a shared medium) drains at
 * the flow's max-min fair rate r: each used link carries `weight` times r, and r never exceeds `bound`.
 */
export interface Transfer {
  readonly amount: number;
  readonly uses: readonly { readonly link: number; readonly weight: number }[];
  readonly bound: number;
}

/** The links between devices, and the load of a message on them. A transfer without amount takes no time. */
export interface Topology {
  readonly links: readonly Link[];
  /** @throws NonnError if there is no route. */
  transfer(bytes: number, from: Id, to: Id): Transfer;
  /** Crossings of a shared medium that a message makes (2 through an access point); 0 on wires. */
  crossings(from: Id, to: Id): number;
}
