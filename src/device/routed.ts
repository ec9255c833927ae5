import { complain, nearest } from '../foundation/index.js';
import type { Id } from '../kernel/index.js';
import type { Link, Topology, Transfer } from './topology.js';

/** A link of an explicit platform: bandwidth in bytes/s, latency in seconds. */
export interface RoutedLink {
  readonly name: string;
  readonly bandwidth: number;
  readonly latency: number;
  /** `fair`: flows share its bandwidth; `fatpipe`: each flow may have all of it. */
  readonly sharing: 'fair' | 'fatpipe';
}

/** The links that a message from one device to another crosses, in one direction. */
export interface Route {
  readonly from: Id;
  readonly to: Id;
  readonly links: readonly string[];
}

/**
 * How the links of a platform differ from their nominal figures: the factors of SimGrid's CM02 model
 * (Casanova and Marchal 2002; Velho and Legrand 2009 for 13.01, 0.97 and 0.05 of LV08).
 */
export interface NetworkModel {
  /** Latency of a route is the sum of its links' latencies times this. */
  readonly latencyFactor: number;
  /** Capacity of a link is its bandwidth times this. */
  readonly bandwidthFactor: number;
  /** Share of a flow that also loads the links of the answers' route. */
  readonly crossTraffic: number;
}

/** Every link at its nominal figures. */
export const nominalModel: NetworkModel = { latencyFactor: 1, bandwidthFactor: 1, crossTraffic: 0 };

/** A topology of explicit links and routes, which also knows the latency of its routes. */
export interface RoutedTopology extends Topology {
  /** Seconds before the first byte of a message flows; 0 on the spot. @throws NonnError if there is no route. */
  latency(from: Id, to: Id): number;
}

/**
 * The topology of explicit links and routes.
 *
 * A flow loads each fair link of its route with weight 1 (a link that stands twice in a route with 2), and
 * the links of the reverse route with weight `crossTraffic`; where no reverse route is declared, the answers
 * take the flow's own links. A link that both directions use thus has weight 1 + `crossTraffic`. A fatpipe
 * link is not shared: it bounds each flow by its own capacity.
 *
 * @throws NonnError if a route names an unknown link.
 */
export function routedTopology(
  links: readonly RoutedLink[],
  routes: readonly Route[],
  model: NetworkModel = nominalModel,
): RoutedTopology {
  const byName = new Map(links.map((link) => [link.name, link]));
  const fair = links.filter((link) => link.sharing === 'fair');
  const indexOf = new Map(fair.map((link, index) => [link.name, index]));
  const capacityOf = (link: RoutedLink) => link.bandwidth * model.bandwidthFactor;
  const byEnds = new Map<Id, Map<Id, readonly RoutedLink[]>>();
  for (const route of routes) {
    const from = byEnds.get(route.from) ?? new Map<Id, readonly RoutedLink[]>();
    byEnds.set(route.from, from);
    from.set(
      route.to,
      route.links.map((name) => byName.get(name) ?? unknownLink(route, name, byName.keys())),
    );
  }
  const route = (from: Id, to: Id) => {
    const found = byEnds.get(from)?.get(to);
    if (found === undefined)
      throw complain({
        found: `no route from "${from}" to "${to}"`,
        expected: 'a route for every message',
      });
    return found;
  };

  return {
    links: fair.map((link): Link => ({ name: link.name, capacity: capacityOf(link) })),
    latency: (from, to) =>
      from === to ? 0 : route(from, to).reduce((sum, link) => sum + link.latency, 0) * model.latencyFactor,
    crossings: () => 0,
    transfer(bytes, from, to): Transfer {
      if (from === to) return { amount: 0, uses: [], bound: Number.POSITIVE_INFINITY };
      const out = route(from, to);
      const back = byEnds.get(to)?.get(from) ?? out;
      const weights = new Map<number, number>();
      let bound = Number.POSITIVE_INFINITY;
      const load = (link: RoutedLink, weight: number) => {
        if (weight === 0) return;
        const index = indexOf.get(link.name);
        if (index === undefined) bound = Math.min(bound, capacityOf(link) / weight);
        else weights.set(index, (weights.get(index) ?? 0) + weight);
      };
      for (const link of out) load(link, 1);
      for (const link of back) load(link, model.crossTraffic);
      return { amount: bytes, uses: [...weights].map(([link, weight]) => ({ link, weight })), bound };
    },
  };
}

function unknownLink(route: Route, name: string, names: Iterable<string>): never {
  throw complain({
    path: `route from ${route.from} to ${route.to}`,
    found: `the unknown link "${name}"`,
    expected: 'the name of a link',
    suggestion: nearest(name, names),
  });
}
