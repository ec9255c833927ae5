import { homeOf, type Span, stateOf } from '../plan/index.js';
import type { CompiledPlan } from './compile.js';
import type { Observer } from './engine.js';
import { grown } from './event-queue.js';

/** Keeps what an engine reports of every activity in flat arrays, and makes spans of it at the end. */
export class SpanLog {
  private length = 0;
  private activity = new Int32Array(64);
  private inference = new Int32Array(64);
  private ready = new Float64Array(64);
  private start = new Float64Array(64);
  private flow = new Float64Array(64);
  private finish = new Float64Array(64);

  readonly observe: Observer = (activity, inference, ready, start, flow, finish) => {
    const at = this.length++;
    if (at === this.activity.length) this.grow();
    this.activity[at] = activity;
    this.inference[at] = inference;
    this.ready[at] = ready;
    this.start[at] = start;
    this.flow[at] = flow;
    this.finish[at] = finish;
  };

  /**
   * Spans by inference, then start, then order of the file. A message has two, its latency and its transfer;
   * one that stays on its device only the second, without length.
   */
  spans(compiled: CompiledPlan): Span[] {
    const { inference, start, activity } = this;
    const order = Array.from({ length: this.length }, (_, index) => index).sort(
      (a, b) => inference[a]! - inference[b]! || start[a]! - start[b]! || activity[a]! - activity[b]!,
    );
    const spans = order.flatMap((at) => this.spansOf(at, compiled));
    // Transfers begin later than their latency: a stable sort keeps the order of the file within a moment.
    return spans.sort((a, b) => a.inference - b.inference || a.start - b.start);
  }

  private spansOf(at: number, { plan, tasks, costs }: CompiledPlan): Span[] {
    const number = this.activity[at]!;
    const inference = this.inference[at]!;
    const [ready, start, flow, finish] = [this.ready[at]!, this.start[at]!, this.flow[at]!, this.finish[at]!];
    const cost = costs[number]!;
    if (number < tasks) {
      const task = plan.tasks[number]!;
      const [lane, state] = [homeOf(task), stateOf(task)];
      return [{ of: task.id, inference, lane, ready, start, finish, state, cost }];
    }
    const { id, from, to, frameBytes } = plan.messages[number - tasks]!;
    const lane = `${from}>${to}`;
    const transfer: Span = {
      of: id,
      inference,
      lane,
      ready: flow,
      start: flow,
      finish,
      state: 'transfer',
      bytes: frameBytes,
    };
    if (from === to) return [transfer];
    return [{ of: id, inference, lane, ready, start, finish: flow, state: 'latency', cost }, transfer];
  }

  private grow(): void {
    const size = 2 * this.activity.length;
    this.activity = grown(this.activity, size);
    this.inference = grown(this.inference, size);
    this.ready = grown(this.ready, size);
    this.start = grown(this.start, size);
    this.flow = grown(this.flow, size);
    this.finish = grown(this.finish, size);
  }
}
