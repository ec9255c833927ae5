import { randomStream } from '../dist/foundation/index.js';

/**
 * A random plan file of so many activities, two tasks to three messages: twelve devices behind access links of
 * Wi-Fi and Ethernet speeds, joined by three backbones; tasks of 10 MFLOP to 1.5 GFLOP, messages of 1 kB to 6 MB.
 */
export function randomPlan(activities, seed) {
  const random = randomStream(seed, 'plan');
  const pick = (list) => list[random.integer(list.length)];
  const between = (low, high) => low + (high - low) * random.uniform();
  const names = Array.from({ length: 12 }, (_, index) => `d${index}`);
  const devices = names.map((name) => ({ name, speed: between(1e9, 3e9) }));
  const links = [
    ...names.map((name) => ({
      name: `access-${name}`,
      bandwidth: pick([1e6, 2.5e6, 6.75e6, 12.5e6]),
      latency: 1e-3,
    })),
    ...['b0', 'b1', 'b2'].map((name) => ({ name, bandwidth: between(1e7, 2e7), latency: 0 })),
  ];
  const routes = names.flatMap((from) =>
    names
      .filter((to) => to !== from)
      .map((to) => ({ from, to, links: [`access-${from}`, pick(['b0', 'b1', 'b2']), `access-${to}`] })),
  );
  const count = Math.max(2, Math.round(activities * 0.4));
  const tasks = Array.from({ length: count }, (_, index) => ({
    id: `t${index}`,
    device: pick(names),
    flops: Math.round(between(1e7, 1.5e9)),
    after: index < names.length ? [] : [`t${index - 1 - random.integer(names.length)}`],
  }));
  const messages = Array.from({ length: Math.max(0, activities - count) }, (_, index) => {
    const source = random.integer(count - 1);
    const target = source + 1 + random.integer(Math.min(3 * names.length, count - 1 - source));
    tasks[target].after.push(`m${index}`);
    return {
      id: `m${index}`,
      from: tasks[source].device,
      to: tasks[target].device,
      bytes: Math.round(10 ** between(3, 6.8)),
      after: [`t${source}`],
    };
  });
  return { cluster: { devices, links, routes }, tasks, messages };
}
