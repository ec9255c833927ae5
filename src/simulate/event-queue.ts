/**
 * The next events in virtual time: a binary heap on flat arrays. An event belongs to a slot (a device, a
 * message under way, the next arrival), which has at most one, so that a flow whose rate changed moves its
 * event instead of leaving a stale one behind. The order is total: (time, order), where `order` is unique.
 */
export class EventQueue {
  private heap = new Int32Array(64);
  private position = new Int32Array(64).fill(-1);
  private times = new Float64Array(64);
  private orders = new Float64Array(64);
  private length = 0;

  get size(): number {
    return this.length;
  }

  /** Time of the next event; infinite if there is none. */
  get nextTime(): number {
    return this.length === 0 ? Number.POSITIVE_INFINITY : this.times[this.heap[0]!]!;
  }

  /** Plans the event of a slot, or moves the one that it has. */
  set(slot: number, time: number, order: number): void {
    if (slot >= this.position.length) this.grow(slot + 1);
    this.times[slot] = time;
    this.orders[slot] = order;
    const at = this.position[slot]!;
    if (at < 0) this.up(slot, this.length++);
    else if (!this.up(slot, at)) this.down(slot, at);
  }

  /** Takes the next event out; the caller has made sure that there is one. @returns its slot. */
  pop(): number {
    const top = this.heap[0]!;
    this.position[top] = -1;
    this.length--;
    if (this.length > 0) this.down(this.heap[this.length]!, 0);
    return top;
  }

  private up(slot: number, at: number): boolean {
    const { heap, position } = this;
    const from = at;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const other = heap[parent]!;
      if (!this.before(slot, other)) break;
      heap[at] = other;
      position[other] = at;
      at = parent;
    }
    heap[at] = slot;
    position[slot] = at;
    return at !== from;
  }

  private down(slot: number, at: number): void {
    const { heap, position, length } = this;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && this.before(heap[child + 1]!, heap[child]!)) child++;
      const other = heap[child]!;
      if (!this.before(other, slot)) break;
      heap[at] = other;
      position[other] = at;
      at = child;
    }
    heap[at] = slot;
    position[slot] = at;
  }

  private before(a: number, b: number): boolean {
    const ta = this.times[a]!;
    const tb = this.times[b]!;
    return ta < tb || (ta === tb && this.orders[a]! < this.orders[b]!);
  }

  private grow(slots: number): void {
    const size = Math.max(slots, 2 * this.position.length);
    const position = new Int32Array(size).fill(-1);
    position.set(this.position);
    this.position = position;
    this.heap = grown(this.heap, size);
    this.times = grown(this.times, size);
    this.orders = grown(this.orders, size);
  }
}

/** A longer copy of a typed array, zero at the end. */
export function grown<T extends Int32Array | Float64Array>(array: T, length: number): T {
  const longer = new (array.constructor as new (length: number) => T)(length);
  longer.set(array as Int32Array & Float64Array);
  return longer;
}
