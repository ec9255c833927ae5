import { grown } from './event-queue.js';

/** What flows cross: capacity of each link, and for each kind of flow (message of a plan) its uses and bound. */
export interface SharedLinks {
  /** [links]: what a link carries a second. */
  readonly capacity: Float64Array;
  /** [kinds + 1]: where the uses of each kind start in `useLink` and `useWeight`. */
  readonly useStart: Int32Array;
  readonly useLink: Int32Array;
  readonly useWeight: Float64Array;
  /** [kinds]: the largest rate that a flow may have. */
  readonly bound: Float64Array;
}

/**
 * Weighted max-min fair rates of flows over links, by progressive filling (Bertsekas and Gallager, Data
 * Networks, 6.5.2): all rates rise together until a link is full or a flow meets its bound; what is stopped
 * stays, the rest goes on. A flow of rate r loads each link that it uses with weight times r.
 *
 * Only the connected components (of flows that share links) in which a flow began or ended are filled anew.
 */
export class FairSharing {
  /** [flows]: the rate of each flow that is under way, as of the last `settle`. */
  rate = new Float64Array(16);
  /** Flows whose rate the last `settle` changed, in the first `changedCount` places. */
  changed = new Int32Array(16);
  changedCount = 0;

  private readonly kindOf: number[] = [];
  private readonly width: number;
  /** Flows on each link as elements `flow * width + use`, so that leaving takes one step. */
  private readonly elements: Int32Array[];
  private readonly count: Int32Array;
  private position: Int32Array;
  private readonly dirty: number[] = [];
  private readonly isDirty: Uint8Array;

  // The component that is being filled.
  private epoch = 0;
  private readonly linkSeen: Int32Array;
  private flowSeen = new Int32Array(16);
  private fixed = new Int32Array(16);
  private componentLinks: number[] = [];
  private componentFlows: number[] = [];
  private readonly available: Float64Array;
  private readonly load: Float64Array;
  private readonly unfixed: Int32Array;

  constructor(private readonly links: SharedLinks) {
    const size = links.capacity.length;
    let width = 1;
    for (let kind = 0; kind + 1 < links.useStart.length; kind++)
      width = Math.max(width, links.useStart[kind + 1]! - links.useStart[kind]!);
    this.width = width;
    this.position = new Int32Array(16 * width);
    this.elements = Array.from({ length: size }, () => new Int32Array(8));
    this.count = new Int32Array(size);
    this.isDirty = new Uint8Array(size);
    this.linkSeen = new Int32Array(size);
    this.available = new Float64Array(size);
    this.load = new Float64Array(size);
    this.unfixed = new Int32Array(size);
  }

  /** A flow of a kind that uses at least one link begins; it has rate 0 until `settle`. */
  add(flow: number, kind: number): void {
    if (flow >= this.rate.length) this.grow(flow + 1);
    this.kindOf[flow] = kind;
    this.rate[flow] = 0;
    const { useStart, useLink } = this.links;
    const first = useStart[kind]!;
    for (let use = first; use < useStart[kind + 1]!; use++) {
      const link = useLink[use]!;
      const at = this.count[link]!++;
      if (at === this.elements[link]!.length) this.elements[link] = grown(this.elements[link]!, 2 * at);
      const element = flow * this.width + use - first;
      this.elements[link]![at] = element;
      this.position[element] = at;
      this.touch(link);
    }
  }

  /** A flow ends. */
  remove(flow: number): void {
    const { useStart, useLink } = this.links;
    const kind = this.kindOf[flow]!;
    const first = useStart[kind]!;
    for (let use = first; use < useStart[kind + 1]!; use++) {
      const link = useLink[use]!;
      const list = this.elements[link]!;
      const at = this.position[flow * this.width + use - first]!;
      const last = list[--this.count[link]!]!;
      list[at] = last;
      this.position[last] = at;
      this.touch(link);
    }
  }

  /** Computes the rates of every component that changed since the last time. */
  settle(): void {
    this.changedCount = 0;
    if (this.dirty.length === 0) return;
    this.epoch++;
    for (const link of this.dirty) {
      this.isDirty[link] = 0;
      if (this.linkSeen[link] === this.epoch) continue;
      this.collect(link);
      this.fill();
    }
    this.dirty.length = 0;
  }

  private touch(link: number): void {
    if (this.isDirty[link] === 1) return;
    this.isDirty[link] = 1;
    this.dirty.push(link);
  }

  /** The connected component of a link. */
  private collect(start: number): void {
    const { componentLinks, componentFlows, linkSeen, flowSeen, epoch, width, kindOf } = this;
    const { useStart, useLink } = this.links;
    componentLinks.length = 0;
    componentFlows.length = 0;
    componentLinks.push(start);
    linkSeen[start] = epoch;
    for (let next = 0; next < componentLinks.length; next++) {
      const list = this.elements[componentLinks[next]!]!;
      const count = this.count[componentLinks[next]!]!;
      for (let at = 0; at < count; at++) {
        const flow = (list[at]! / width) | 0;
        if (flowSeen[flow] === epoch) continue;
        flowSeen[flow] = epoch;
        componentFlows.push(flow);
        const kind = kindOf[flow]!;
        for (let use = useStart[kind]!; use < useStart[kind + 1]!; use++) {
          const link = useLink[use]!;
          if (linkSeen[link] === epoch) continue;
          linkSeen[link] = epoch;
          componentLinks.push(link);
        }
      }
    }
  }

  /** Progressive filling of the collected component. */
  private fill(): void {
    const { componentLinks: active, componentFlows: flows, available, load, unfixed, width } = this;
    const { capacity, useStart, useWeight, bound } = this.links;
    for (const link of active) {
      available[link] = capacity[link]!;
      load[link] = 0;
      unfixed[link] = this.count[link]!;
      const list = this.elements[link]!;
      for (let at = 0; at < unfixed[link]!; at++) {
        const flow = (list[at]! / width) | 0;
        load[link]! += useWeight[useStart[this.kindOf[flow]!]! + list[at]! - flow * width]!;
      }
    }
    const bounded = flows.filter((flow) => bound[this.kindOf[flow]!]! < Number.POSITIVE_INFINITY);
    bounded.sort((a, b) => bound[this.kindOf[a]!]! - bound[this.kindOf[b]!]! || a - b);
    let nextBounded = 0;
    let left = flows.length;
    let level = 0;
    while (left > 0) {
      let bottleneck = -1;
      let share = Number.POSITIVE_INFINITY;
      for (let index = 0; index < active.length; index++) {
        const link = active[index]!;
        if (unfixed[link] === 0) {
          active[index--] = active[active.length - 1]!;
          active.length--;
          continue;
        }
        // A load that rounding ate away belongs to flows that are as good as weightless.
        const its = load[link]! > 0 ? available[link]! / load[link]! : level;
        if (its < share || (its === share && link < bottleneck)) {
          share = its;
          bottleneck = link;
        }
      }
      while (nextBounded < bounded.length && this.fixed[bounded[nextBounded]!] === this.epoch) nextBounded++;
      const flow = bounded[nextBounded];
      if (flow !== undefined && bound[this.kindOf[flow]!]! <= share) {
        level = bound[this.kindOf[flow]!]!;
        this.fix(flow, level);
        left--;
        continue;
      }
      // Levels only rise; where rounding says otherwise, it would starve a flow.
      level = Math.max(level, share);
      const list = this.elements[bottleneck]!;
      const count = this.count[bottleneck]!;
      for (let at = 0; at < count; at++) {
        const stopped = (list[at]! / width) | 0;
        if (this.fixed[stopped] === this.epoch) continue;
        this.fix(stopped, level);
        left--;
      }
    }
  }

  private fix(flow: number, rate: number): void {
    const { useStart, useLink, useWeight } = this.links;
    this.fixed[flow] = this.epoch;
    const kind = this.kindOf[flow]!;
    for (let use = useStart[kind]!; use < useStart[kind + 1]!; use++) {
      const link = useLink[use]!;
      this.available[link] = Math.max(0, this.available[link]! - useWeight[use]! * rate);
      this.load[link]! -= useWeight[use]!;
      this.unfixed[link]!--;
    }
    if (this.rate[flow] === rate) return;
    this.rate[flow] = rate;
    this.changed[this.changedCount++] = flow;
  }

  private grow(flows: number): void {
    const size = Math.max(flows, 2 * this.rate.length);
    this.rate = grown(this.rate, size);
    this.changed = grown(this.changed, size);
    this.flowSeen = grown(this.flowSeen, size);
    this.fixed = grown(this.fixed, size);
    this.position = grown(this.position, size * this.width);
  }
}
