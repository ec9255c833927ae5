import type { ArrivalSource } from './arrivals.js';
import type { CompiledPlan } from './compile.js';
import { EventQueue, grown } from './event-queue.js';
import { FairSharing } from './fair-sharing.js';
import { ReadyQueue } from './ready-queue.js';

/** Told of each activity when it ends. Times are seconds since the start; a task's `flow` is its start. */
export type Observer = (
  activity: number,
  inference: number,
  ready: number,
  start: number,
  /** When the latency of a message was over and its bytes began to flow. */
  flow: number,
  finish: number,
) => void;

/** How a compiled plan is played. */
export interface PlayOptions {
  readonly arrivals: ArrivalSource;
  /** Seconds of a task in one inference, where they differ from one to the next; asked when it starts. */
  readonly duration?: (task: number, inference: number) => number;
  readonly onActivity?: Observer;
  /** Told when the output of an inference stands at the sink. */
  readonly onFinish?: (inference: number, arrival: number, finish: number) => void;
}

/** What a play came to. */
export interface Played {
  readonly inferences: number;
  /** Arrivals, ends of tasks, latencies and transfers. */
  readonly events: number;
  /** Time of the last event, in seconds. */
  readonly makespan: number;
}

/**
 * Plays a compiled plan in virtual time, once for each arrival.
 *
 * All events of one moment are handled first, then idle devices start what is ready (first ready first, then
 * the earlier inference, then the order of the file), then the rates of flows are computed anew: so what
 * becomes ready at the same moment competes on equal terms. Inferences under way live in slots that are used
 * again, so memory grows with how many overlap and not with how many there are.
 */
export function play(plan: CompiledPlan, options: PlayOptions): Played {
  return new Engine(plan, options).run();
}

/** Kind of an event, as the high part of its order: what ends comes before what arrives. */
const PRIORITY = 2 ** 50;

class Engine {
  private readonly queue = new EventQueue();
  private readonly sharing: FairSharing;
  private now = 0;
  private events = 0;
  private inferences = 0;

  // Devices; slot d of the event queue is the end of what device d runs, slot `devices` the next arrival.
  private readonly running: Int32Array;
  private readonly waiting: ReadyQueue[];
  private readonly idle: number[] = [];

  // Inferences under way: slot s holds instances s * activities + activity.
  private slots = 0;
  private readonly freeSlots: number[] = [];
  private inference = new Float64Array(0);
  private arrival = new Float64Array(0);
  private left = new Int32Array(0);
  private unfinished = new Int32Array(0);
  private waits = new Int32Array(0);
  private ready = new Float64Array(0);
  private start = new Float64Array(0);

  // Messages under way: slot devices + 1 + flow of the event queue.
  private flows = 0;
  private readonly freeFlows: number[] = [];
  private instanceOf = new Int32Array(16);
  private begun = new Float64Array(16);
  private remaining = new Float64Array(16);
  private rate = new Float64Array(16);
  private since = new Float64Array(16);

  /** What finished at this moment and whose successors have not been told yet. */
  private readonly finished: number[] = [];

  constructor(
    private readonly plan: CompiledPlan,
    private readonly options: PlayOptions,
  ) {
    this.sharing = new FairSharing(plan.links);
    this.running = new Int32Array(plan.devices).fill(-1);
    this.waiting = Array.from({ length: plan.devices }, () => new ReadyQueue());
  }

  run(): Played {
    const { queue, plan } = this;
    let makespan = 0;
    this.expectArrival();
    while (queue.size > 0) {
      const now = queue.nextTime;
      this.now = now;
      while (queue.nextTime === now) {
        const slot = queue.pop();
        this.events++;
        if (slot < plan.devices) this.taskEnds(slot);
        else if (slot === plan.devices) this.arrive();
        else this.flowMoves(slot - plan.devices - 1);
      }
      makespan = now;
      this.startIdle();
      // Work without duration ends at the moment at which it starts; rates can wait until all of it has.
      if (queue.nextTime !== now) this.share();
    }
    return { inferences: this.inferences, events: this.events, makespan };
  }

  private expectArrival(): void {
    const time = this.options.arrivals();
    if (time !== undefined) this.queue.set(this.plan.devices, time, 3 * PRIORITY + this.inferences);
  }

  private arrive(): void {
    const { plan } = this;
    const slot = this.freeSlots.pop() ?? this.newSlot();
    const base = slot * plan.activities;
    this.inference[slot] = this.inferences++;
    this.arrival[slot] = this.now;
    this.left[slot] = plan.activities;
    this.unfinished[slot] = plan.finishingCount;
    this.waits.set(plan.waits, base);
    for (let index = 0; index < plan.first.length; index++) this.becomesReady(base + plan.first[index]!);
    this.tellSuccessors();
    this.expectArrival();
  }

  private becomesReady(instance: number): void {
    const { plan } = this;
    const slot = (instance / plan.activities) | 0;
    const activity = instance - slot * plan.activities;
    this.ready[instance] = this.now;
    if (activity < plan.tasks) {
      const device = plan.device[activity]!;
      this.waiting[device]!.push(instance, this.now, this.inference[slot]! * plan.activities + activity);
      if (this.running[device] === -1) this.idle.push(device);
      return;
    }
    this.start[instance] = this.now;
    const message = activity - plan.tasks;
    if (plan.instant[message] === 1) this.ends(instance, this.now);
    else {
      const flow = this.freeFlows.pop() ?? this.newFlow();
      const latency = plan.latency[message]!;
      this.instanceOf[flow] = instance;
      this.begun[flow] = -1;
      if (latency > 0) this.expectFlow(flow, this.now + latency, PRIORITY);
      else this.flowBegins(flow, message);
    }
  }

  private startIdle(): void {
    const { idle, plan, options } = this;
    for (let index = 0; index < idle.length; index++) {
      const device = idle[index]!;
      const waiting = this.waiting[device]!;
      if (this.running[device] !== -1 || waiting.size === 0) continue;
      const instance = waiting.pop();
      const slot = (instance / plan.activities) | 0;
      const task = instance - slot * plan.activities;
      const inference = this.inference[slot]!;
      const duration =
        options.duration === undefined ? plan.duration[task]! : options.duration(task, inference);
      this.start[instance] = this.now;
      this.running[device] = instance;
      this.queue.set(device, this.now + duration, inference * plan.activities + task);
    }
    idle.length = 0;
  }

  private taskEnds(device: number): void {
    const instance = this.running[device]!;
    this.running[device] = -1;
    this.idle.push(device);
    this.ends(instance, this.start[instance]!);
    this.tellSuccessors();
  }

  /** The latency of a message is over, or its last byte has arrived. */
  private flowMoves(flow: number): void {
    const { plan } = this;
    const instance = this.instanceOf[flow]!;
    const message = (instance % plan.activities) - plan.tasks;
    if (this.begun[flow]! < 0) this.flowBegins(flow, message);
    else {
      if (plan.links.useStart[message + 1]! > plan.links.useStart[message]!) this.sharing.remove(flow);
      this.flowEnds(flow);
    }
    this.tellSuccessors();
  }

  private flowBegins(flow: number, message: number): void {
    const { plan, now } = this;
    const { useStart, bound } = plan.links;
    const amount = plan.amount[message]!;
    const shared = useStart[message + 1]! > useStart[message]!;
    this.begun[flow] = now;
    if (amount === 0 || (!shared && bound[message] === Number.POSITIVE_INFINITY)) this.flowEnds(flow);
    else if (shared) {
      this.remaining[flow] = amount;
      this.rate[flow] = 0;
      this.since[flow] = now;
      this.sharing.add(flow, message);
    } else this.expectFlow(flow, now + amount / bound[message]!, 2 * PRIORITY);
  }

  private flowEnds(flow: number): void {
    this.freeFlows.push(flow);
    this.ends(this.instanceOf[flow]!, this.begun[flow]!);
  }

  /** Moves the ends of flows whose rate changed; their progress is brought up to now only then. */
  private share(): void {
    const { sharing, now, remaining, rate, since } = this;
    sharing.settle();
    for (let index = 0; index < sharing.changedCount; index++) {
      const flow = sharing.changed[index]!;
      const left = Math.max(0, remaining[flow]! - rate[flow]! * (now - since[flow]!));
      remaining[flow] = left;
      rate[flow] = sharing.rate[flow]!;
      since[flow] = now;
      this.expectFlow(flow, now + left / rate[flow]!, 2 * PRIORITY);
    }
  }

  private expectFlow(flow: number, time: number, priority: number): void {
    const { activities } = this.plan;
    const instance = this.instanceOf[flow]!;
    const slot = (instance / activities) | 0;
    const order = priority + this.inference[slot]! * activities + (instance - slot * activities);
    this.queue.set(this.plan.devices + 1 + flow, time, order);
  }

  private ends(instance: number, flow: number): void {
    const { plan, options } = this;
    const slot = (instance / plan.activities) | 0;
    const activity = instance - slot * plan.activities;
    const inference = this.inference[slot]!;
    if (options.onActivity !== undefined)
      options.onActivity(activity, inference, this.ready[instance]!, this.start[instance]!, flow, this.now);
    if (plan.finishing[activity] === 1 && --this.unfinished[slot]! === 0)
      options.onFinish?.(inference, this.arrival[slot]!, this.now);
    if (--this.left[slot]! === 0) this.freeSlots.push(slot);
    else this.finished.push(instance);
  }

  private tellSuccessors(): void {
    const { finished, plan, waits } = this;
    while (finished.length > 0) {
      const instance = finished.pop()!;
      const slot = (instance / plan.activities) | 0;
      const base = slot * plan.activities;
      const activity = instance - base;
      const end = plan.successorStart[activity + 1]!;
      for (let index = plan.successorStart[activity]!; index < end; index++) {
        const next = base + plan.successors[index]!;
        if (--waits[next]! === 0) this.becomesReady(next);
      }
    }
  }

  private newSlot(): number {
    if (this.slots === this.left.length) {
      const size = Math.max(1, 2 * this.slots);
      const { activities } = this.plan;
      this.inference = grown(this.inference, size);
      this.arrival = grown(this.arrival, size);
      this.left = grown(this.left, size);
      this.unfinished = grown(this.unfinished, size);
      this.waits = grown(this.waits, size * activities);
      this.ready = grown(this.ready, size * activities);
      this.start = grown(this.start, size * activities);
    }
    return this.slots++;
  }

  private newFlow(): number {
    if (this.flows === this.instanceOf.length) {
      const size = 2 * this.flows;
      this.instanceOf = grown(this.instanceOf, size);
      this.begun = grown(this.begun, size);
      this.remaining = grown(this.remaining, size);
      this.rate = grown(this.rate, size);
      this.since = grown(this.since, size);
    }
    return this.flows++;
  }
}
