import { randomStream } from '../dist/foundation/index.js';
import { parsePlanFile } from '../dist/plan/index.js';
import { arrivalSource, compilePlan, play } from '../dist/simulate/index.js';

const ARRIVAL_RATE = 0.8;
const SERVICE_RATE = 1;
/** Mean time in the system of an M/M/1 queue: 1 / (service rate - arrival rate) (Kleinrock 1975, 3.2). */
const EXPECTED = 1 / (SERVICE_RATE - ARRIVAL_RATE);
/** SimPy 4.1.2 with bench/mm1.py, on two shared cores. */
const SIMPY_CUSTOMERS_PER_SECOND = 0.16e6;

/** One task on one device, played once for each customer by the engine that plays every plan. */
const { plan, platform } = parsePlanFile(
  {
    cluster: { devices: [{ name: 'server', speed: 1 }], links: [], routes: [] },
    tasks: [{ id: 'serve', device: 'server', flops: 1, after: [] }],
    messages: [],
  },
  'mm1',
);

/** @returns what one run, or the mean of several seeds, came to; times in seconds, virtual but for `seconds`. */
export function measure(_values, number) {
  const seeds = number('seeds', 1);
  const customers = number('customers', seeds === 1 ? 1_000_000 : 200_000);
  const first = number('seed', 1, 0);
  const runs = Array.from({ length: seeds }, (_, index) => run(customers, first + index));
  const sum = (of) => runs.reduce((total, one) => total + of(one), 0);
  const meanSojourn = sum((one) => one.meanSojourn) / seeds;
  const result = {
    customers: customers * seeds,
    meanSojourn,
    events: sum((one) => one.events),
    seconds: sum((one) => one.seconds),
    expectedSojourn: EXPECTED,
  };
  if (seeds === 1) return result;
  const variance = sum((one) => (one.meanSojourn - meanSojourn) ** 2) / (seeds - 1);
  return { ...result, seeds, standardError: Math.sqrt(variance / seeds) };
}

function run(customers, seed) {
  const service = randomStream(seed, 'service');
  let sojourn = 0;
  const begin = performance.now();
  const { events } = play(compilePlan(plan, platform), {
    arrivals: arrivalSource({ poisson: ARRIVAL_RATE, count: customers }, seed),
    duration: () => service.exponential(SERVICE_RATE),
    onFinish: (_inference, arrival, finish) => {
      sojourn += finish - arrival;
    },
  });
  return { meanSojourn: sojourn / customers, events, seconds: (performance.now() - begin) / 1e3 };
}

/** @returns rows of a table. */
export function describe(result) {
  const rate = result.customers / result.seconds;
  const error = result.seeds === undefined ? '' : ` ± ${(2 * result.standardError).toFixed(4)}`;
  return [
    ['customers', result.customers.toLocaleString('en')],
    ['events', result.events.toLocaleString('en')],
    [
      'mean time in system',
      `${result.meanSojourn.toFixed(4)}${error} s (in theory ${EXPECTED.toFixed(4)} s)`,
    ],
    ...(result.seeds === undefined ? [] : [['seeds', `${result.seeds} (± is two standard errors)`]]),
    ['wall time', `${result.seconds.toFixed(3)} s`],
    ['customers a second', `${(rate / 1e6).toFixed(2)} million`],
    [
      'against SimPy',
      `${(rate / SIMPY_CUSTOMERS_PER_SECOND).toFixed(1)} times its ${SIMPY_CUSTOMERS_PER_SECOND / 1e6} million (SimPy 4.1, bench/mm1.py, two shared cores)`,
    ],
  ];
}
