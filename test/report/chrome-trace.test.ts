import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/explore/index.js';
import { chromeTrace, type TraceEvent } from '../../src/report/index.js';
import { makeScenario } from '../../src/scenario/index.js';
import { studyData } from '../support/study.js';

const scenario = makeScenario(studyData(), 'study.json');
const played = scenario.candidates.map((candidate) => evaluate(scenario, candidate));

describe('a Chrome trace', () => {
  it('has an event a span, in microseconds, on the thread of its device or link', () => {
    for (const { trace, plan } of played) {
      const { traceEvents } = chromeTrace(trace, plan);
      const events = traceEvents.filter((event) => event.ph === 'X');
      expect(events).toHaveLength(trace.spans.length);
      for (const [index, span] of trace.spans.entries()) {
        const event = events[index]!;
        expect(event).toMatchObject({ name: span.of, cat: span.state });
        expect(event.ts).toBeCloseTo(span.start * 1e6, 6);
        expect(event.dur).toBeCloseTo((span.finish - span.start) * 1e6, 6);
        expect(threadName(traceEvents, event).replace(/ \(\d+\)$/, '')).toBe(span.lane);
      }
    }
  });

  it('never lets two events of a thread overlap', () => {
    for (const { trace, plan } of played) {
      const byThread = new Map<number, TraceEvent[]>();
      for (const event of chromeTrace(trace, plan).traceEvents.filter((each) => each.ph === 'X'))
        byThread.set(event.tid, [...(byThread.get(event.tid) ?? []), event]);
      for (const events of byThread.values()) {
        const sorted = [...events].sort((a, b) => a.ts! - b.ts! || a.dur! - b.dur!);
        for (const [index, event] of sorted.entries()) {
          const next = sorted[index + 1];
          if (next !== undefined) expect(event.ts! + event.dur!).toBeLessThanOrEqual(next.ts! + 1e-6);
        }
      }
    }
  });

  it('has arrows in pairs that start and end inside events, two or more a message', () => {
    const { trace, plan } = played.find(({ plan }) => plan.messages.length > 0)!;
    const { traceEvents } = chromeTrace(trace, plan);
    const starts = traceEvents.filter((event) => event.ph === 's');
    const ends = traceEvents.filter((event) => event.ph === 'f');
    expect(starts.map((event) => event.id)).toEqual(ends.map((event) => event.id));
    expect(new Set(starts.map((event) => event.id)).size).toBe(starts.length);
    expect(starts.length).toBeGreaterThanOrEqual(2 * plan.messages.length);
    for (const flow of [...starts, ...ends]) {
      const holder = traceEvents.find(
        (event) =>
          event.ph === 'X' &&
          event.tid === flow.tid &&
          event.ts! <= flow.ts! &&
          flow.ts! <= event.ts! + event.dur!,
      );
      expect(holder).toBeDefined();
    }
    for (const [index, start] of starts.entries()) expect(start.ts).toBeLessThanOrEqual(ends[index]!.ts!);
  });

  it('is plain JSON', () => {
    const { trace, plan } = played[0]!;
    const chrome = chromeTrace(trace, plan);
    expect(JSON.parse(JSON.stringify(chrome))).toEqual(chrome);
  });
});

function threadName(events: readonly TraceEvent[], { pid, tid }: TraceEvent): string {
  const found = events.find(
    (event) => event.name === 'thread_name' && event.pid === pid && event.tid === tid,
  );
  return String(found!.args!['name']);
}
