import { z } from 'zod';
import {
  type NetworkModel,
  nominalModel,
  type Platform,
  type RoutedTopology,
  routedTopology,
} from '../device/index.js';
import { complain, nearest, parseDocument, quantity, readJson } from '../foundation/index.js';
import type { Id } from '../kernel/index.js';
import { checkPlan } from './check.js';
import type { Plan } from './plan.js';

const name = z.string().min(1);
const after = z.array(name);
const factor = z.number().min(0).max(1000);

/** The form of a plan file: a task graph on a platform, without networks or profiles. */
export const planFileSchema = z.strictObject({
  $schema: z.string().optional(),
  model: z
    .strictObject({
      latencyFactor: factor.optional(),
      bandwidthFactor: z.number().positive().max(1000).optional(),
      crossTraffic: z.number().min(0).max(1).optional(),
    })
    .optional(),
  cluster: z.strictObject({
    devices: z.array(z.strictObject({ name, speed: quantity('compute', { positive: true }) })).min(1),
    links: z.array(
      z.strictObject({
        name,
        bandwidth: quantity('bandwidth', { positive: true }),
        latency: quantity('time'),
        sharing: z.enum(['fair', 'fatpipe']).optional(),
      }),
    ),
    routes: z.array(z.strictObject({ from: name, to: name, links: z.array(name).min(1) })),
  }),
  tasks: z.array(z.strictObject({ id: name, device: name, flops: quantity('work'), after })),
  messages: z.array(z.strictObject({ id: name, from: name, to: name, bytes: quantity('bytes'), after })),
  finish: z.record(z.string(), quantity('time')).optional(),
});

type PlanFile = z.output<typeof planFileSchema>;

/** A plan, and the platform that it is played on. */
export interface PlanOnPlatform {
  readonly plan: Plan;
  readonly platform: Platform;
}

/**
 * Reads a plan file.
 * @throws NonnError with file and JSON path for whatever is not a plan: wrong types and units, unknown
 * fields and names, names used twice, messages without a route, cycles.
 */
export function readPlanFile(file: string): PlanOnPlatform {
  return parsePlanFile(readJson(file), file);
}

/** Reads the data of a plan file; `file` names where it came from in the error. */
export function parsePlanFile(data: unknown, file: string): PlanOnPlatform {
  const read = parseDocument(data, planFileSchema, file);
  checkNames(read, file);
  const plan: Plan = {
    version: 1,
    strategy: 'plan-file',
    devices: read.cluster.devices.map((device) => device.name),
    pieces: [],
    tasks: read.tasks.map(({ id, device, flops, after }) => ({
      id,
      work: { kind: 'flops', flops },
      reads: [],
      writes: [],
      after,
      place: { device },
    })),
    messages: read.messages.map(({ id, from, to, bytes, after }) => ({
      id,
      from,
      to,
      pieces: [],
      payloadBytes: bytes,
      frameBytes: bytes,
      after,
    })),
    pools: [],
    resident: [],
  };
  checkPlan(plan, file);
  return { plan, platform: platformOf(read) };
}

function checkNames({ cluster, tasks, messages }: PlanFile, file: string): void {
  const devices = distinct(cluster.devices, 'cluster.devices', file);
  const links = distinct(cluster.links, 'cluster.links', file);
  const known = (valid: ReadonlySet<string>, found: string, path: string, what: string) => {
    if (!valid.has(found))
      throw complain({
        file,
        path,
        found: `"${found}"`,
        expected: `the name of a ${what} of the cluster`,
        suggestion: nearest(found, valid),
      });
  };
  const routes = new Set<string>();
  cluster.routes.forEach((route, index) => {
    const path = `cluster.routes[${index}]`;
    known(devices, route.from, `${path}.from`, 'device');
    known(devices, route.to, `${path}.to`, 'device');
    route.links.forEach((link, position) => {
      known(links, link, `${path}.links[${position}]`, 'link');
    });
    const ends = JSON.stringify([route.from, route.to]);
    if (routes.has(ends))
      throw complain({
        file,
        path,
        found: `a second route from "${route.from}" to "${route.to}"`,
        expected: 'one route a direction',
      });
    routes.add(ends);
  });
  tasks.forEach((task, index) => {
    known(devices, task.device, `tasks[${index}].device`, 'device');
  });
  messages.forEach(({ from, to }, index) => {
    known(devices, from, `messages[${index}].from`, 'device');
    known(devices, to, `messages[${index}].to`, 'device');
    if (from !== to && !routes.has(JSON.stringify([from, to])))
      throw complain({
        file,
        path: `messages[${index}]`,
        found: `a message from "${from}" to "${to}", between which there is no route`,
        expected: `a route from "${from}" to "${to}" in cluster.routes`,
      });
  });
}

function distinct(list: readonly { readonly name: Id }[], path: string, file: string): ReadonlySet<string> {
  const seen = new Set<string>();
  list.forEach((entry, index) => {
    if (seen.has(entry.name))
      throw complain({
        file,
        path: `${path}[${index}].name`,
        found: `"${entry.name}" a second time`,
        expected: 'a name of its own',
      });
    seen.add(entry.name);
  });
  return seen;
}

function platformOf({ cluster, model }: PlanFile): Platform {
  const factors: NetworkModel = {
    latencyFactor: model?.latencyFactor ?? nominalModel.latencyFactor,
    bandwidthFactor: model?.bandwidthFactor ?? nominalModel.bandwidthFactor,
    crossTraffic: model?.crossTraffic ?? nominalModel.crossTraffic,
  };
  const topology: RoutedTopology = routedTopology(
    cluster.links.map((link) => ({ ...link, sharing: link.sharing ?? 'fair' })),
    cluster.routes,
    factors,
  );
  const speeds = new Map(cluster.devices.map((device) => [device.name, device.speed]));
  const given = (seconds: number) => ({ seconds, low: seconds, high: seconds, source: 'given' as const });
  return {
    devices: cluster.devices.map((device, index) => ({
      name: device.name,
      profile: 'plan-file',
      threads: 1,
      memory: null,
      runtimeBase: null,
      weightCopies: 1,
      power: { idle: null, compute: null, send: null, receive: null },
      powerPath: `cluster.devices[${index}].power`,
    })),
    costs: {
      task(work, device) {
        if (work.kind !== 'flops')
          throw complain({
            found: `work of kind ${work.kind}`,
            expected: 'work of kind flops on a plan file',
          });
        return given(work.flops / speeds.get(device)!);
      },
      message: (_bytes, from, to) => given(topology.latency(from, to)),
    },
    topology,
  };
}
