import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlanFile } from '../../src/plan/index.js';
import { type Arrivals, simulate } from '../../src/simulate/index.js';

const DEVICES = ['a', 'b', 'c', 'd'];

/** Random plan files: everything waits only for what has a lower number, in a shuffled order of the file. */
const planFile = fc
  .record({
    speeds: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 4, maxLength: 4 }),
    links: fc.array(
      fc.record({
        bandwidth: fc.integer({ min: 1, max: 10 }),
        latency: fc.constantFrom(0, 0.5),
        sharing: fc.constantFrom('fair', 'fair', 'fatpipe'),
      }),
      { minLength: 5, maxLength: 5 },
    ),
    activities: fc.array(
      fc.record({
        task: fc.boolean(),
        from: fc.constantFrom(...DEVICES),
        to: fc.constantFrom(...DEVICES),
        amount: fc.nat(20),
        after: fc.array(fc.nat(1000), { maxLength: 3 }),
      }),
      { maxLength: 30 },
    ),
    crossTraffic: fc.constantFrom(0, 0.05),
    turn: fc.boolean(),
  })
  .map(({ speeds, links, activities, crossTraffic, turn }) => {
    const entries = activities.map(({ task, from, to, amount, after }, index) => ({
      task,
      from,
      to,
      amount,
      id: `x${index}`,
      after: index === 0 ? [] : [...new Set(after.map((number) => `x${number % index}`))],
    }));
    if (turn) entries.reverse();
    return {
      model: { crossTraffic },
      cluster: {
        devices: DEVICES.map((name, index) => ({ name, speed: speeds[index]! })),
        links: links.map((link, index) => ({ ...link, name: `l${index}` })),
        routes: DEVICES.flatMap((from, out) =>
          DEVICES.flatMap((to, into) =>
            from === to ? [] : [{ from, to, links: [`l${out}`, 'l4', `l${into}`] }],
          ),
        ),
      },
      tasks: entries
        .filter(({ task }) => task)
        .map(({ id, from, amount, after }) => ({ id, device: from, flops: amount, after })),
      messages: entries
        .filter(({ task }) => !task)
        .map(({ id, from, to, amount, after }) => ({ id, from, to, bytes: amount, after })),
    };
  });

const arrivals: fc.Arbitrary<Arrivals> = fc.oneof(
  fc.constant('single' as const),
  fc.record({ every: fc.constantFrom(0.5, 3), count: fc.nat(4) }),
  fc.record({ poisson: fc.constantFrom(0.1, 2), count: fc.nat(4) }),
);

describe('every simulated plan', () => {
  it('lets nothing start before everything that it waits for has finished', () => {
    fc.assert(
      fc.property(planFile, arrivals, (file, arrivals) => {
        const { plan, platform } = parsePlanFile(file, 'random');
        const trace = simulate(plan, platform, { arrivals, seed: 1 });
        const start = new Map<string, number>();
        const finish = new Map<string, number>();
        for (const span of trace.spans) {
          const key = `${span.inference}/${span.of}`;
          start.set(key, Math.min(span.start, start.get(key) ?? Number.POSITIVE_INFINITY));
          finish.set(key, Math.max(span.finish, finish.get(key) ?? 0));
          expect(span.ready).toBeLessThanOrEqual(span.start);
          expect(span.start).toBeLessThanOrEqual(span.finish);
        }
        trace.arrivals.forEach((arrival, inference) => {
          for (const { id, after } of [...plan.tasks, ...plan.messages]) {
            const begun = start.get(`${inference}/${id}`)!;
            expect(begun).toBeGreaterThanOrEqual(arrival);
            for (const earlier of after)
              expect(begun).toBeGreaterThanOrEqual(finish.get(`${inference}/${earlier}`)!);
          }
        });
      }),
    );
  });

  it('runs everything once an inference, and one task at a time on a device', () => {
    fc.assert(
      fc.property(planFile, arrivals, (file, arrivals) => {
        const { plan, platform } = parsePlanFile(file, 'random');
        const { spans, ...trace } = simulate(plan, platform, { arrivals, seed: 1 });
        const count = trace.arrivals.length;
        const remote = plan.messages.filter(({ from, to }) => from !== to).length;
        expect(spans.length).toBe(count * (plan.tasks.length + plan.messages.length + remote));
        for (const name of plan.devices) {
          const work = spans
            .filter(({ lane }) => lane === name)
            .sort((a, b) => a.start - b.start || a.finish - b.finish);
          for (let index = 1; index < work.length; index++)
            expect(work[index]!.start).toBeGreaterThanOrEqual(work[index - 1]!.finish);
        }
        const empty = plan.tasks.length + plan.messages.length === 0;
        expect(trace.finishes.every((finish) => (finish === null) === empty)).toBe(true);
      }),
    );
  });

  it('ends with the same bytes every time', () => {
    fc.assert(
      fc.property(planFile, arrivals, fc.nat(5), (file, arrivals, seed) => {
        const once = () => {
          const { plan, platform } = parsePlanFile(file, 'random');
          return JSON.stringify(simulate(plan, platform, { arrivals, seed }));
        };
        expect(once()).toBe(once());
      }),
      { numRuns: 50 },
    );
  });
});
