import { grown } from './event-queue.js';

/**
 * What waits for a device: first ready first, then by `order` (earlier inference, then order in the file).
 * A ring on flat arrays; as ready times never go back, a new entry only moves in front of others of its moment.
 */
export class ReadyQueue {
  private instances = new Int32Array(16);
  private times = new Float64Array(16);
  private orders = new Float64Array(16);
  private head = 0;
  private length = 0;

  get size(): number {
    return this.length;
  }

  push(instance: number, ready: number, order: number): void {
    if (this.length === this.instances.length) this.grow();
    const { instances, times, orders } = this;
    const mask = instances.length - 1;
    let at = this.head + this.length++;
    for (; at > this.head; at--) {
      const previous = (at - 1) & mask;
      if (times[previous]! < ready || orders[previous]! < order) break;
      const here = at & mask;
      instances[here] = instances[previous]!;
      times[here] = times[previous]!;
      orders[here] = orders[previous]!;
    }
    instances[at & mask] = instance;
    times[at & mask] = ready;
    orders[at & mask] = order;
  }

  /** Takes the first out; the caller has made sure that there is one. */
  pop(): number {
    const instance = this.instances[this.head]!;
    this.head = (this.head + 1) & (this.instances.length - 1);
    this.length--;
    return instance;
  }

  private grow(): void {
    const size = this.instances.length;
    const turn = <T extends Int32Array | Float64Array>(array: T): T => {
      const longer = grown(array, 2 * size);
      for (let index = 0; index < size; index++) longer[index] = array[(this.head + index) & (size - 1)]!;
      return longer;
    };
    this.instances = turn(this.instances);
    this.times = turn(this.times);
    this.orders = turn(this.orders);
    this.head = 0;
  }
}
