import { complain, NonnError, nearest } from '../foundation/index.js';
import type { Id } from '../kernel/index.js';
import type { ClusterDevice, ClusterOrigin, Medium } from './cluster-schema.js';
import type { Cost } from './cost.js';
import { messageTime } from './message-time.js';
import type { LinkProfile } from './profile.js';
import { intervalOf, type Known, type Sourced } from './sourced.js';
import type { Topology, Transfer } from './topology.js';

/** Payload of a frame on Ethernet and Wi-Fi: 1,500 bytes less the headers of IP and TCP (RFC 879, RFC 894). */
export const FRAME_PAYLOAD_BYTES = 1460;

/** A topology, and what passes before the first byte of a message flows. */
export interface MediumModel {
  readonly topology: Topology;
  latency(from: Id, to: Id): Cost;
}

const nothing: Transfer = { amount: 0, uses: [], bound: Number.POSITIVE_INFINITY };
const atOnce: Cost = { seconds: 0, low: 0, high: 0, source: 'given' };

/** The links of a cluster; what its medium leaves out is read from the devices' profiles. */
export function mediumModel(
  devices: readonly ClusterDevice[],
  medium: Medium,
  where: ClusterOrigin = {},
): MediumModel {
  if (medium.kind === 'shared') return sharedMedium(devices, medium, where);
  const loopback = medium.loopback?.link.loopback;
  return loopback === undefined ? switchedMedium(devices, medium, where) : loopbackMedium(devices, loopback);
}

/**
 * Wi-Fi: one resource, a second of airtime a second. A message between two stations crosses it twice, up to the
 * access point at the sender's rate and down at the receiver's; one hop where an end is the access point itself.
 */
function sharedMedium(
  devices: readonly ClusterDevice[],
  medium: Extract<Medium, { kind: 'shared' }>,
  where: ClusterOrigin,
): MediumModel {
  const index = indexByName(devices);
  const rates = devices.map((device) =>
    device.name === medium.accessPoint
      ? Number.POSITIVE_INFINITY
      : (medium.rate ?? fromProfile(device, 'wifi', 'rate', 'medium.rate', where).value),
  );
  const overheads = devices.map((device) => {
    const own = device.profile.link.wifi?.frameOverhead;
    return medium.frameOverhead ?? (own !== undefined && 'value' in own ? own.value : 0);
  });
  const latencies = devices.map((device) =>
    medium.latency !== undefined || device.name === medium.accessPoint
      ? null
      : fromProfile(device, 'wifi', 'latency', 'medium.latency', where),
  );
  const stations = (from: Id, to: Id) =>
    [index(from), index(to)].filter((station) => devices[station]!.name !== medium.accessPoint);
  return {
    topology: {
      links: [{ name: 'air', capacity: 1 }],
      transfer(bytes, from, to) {
        if (index(from) === index(to)) return nothing;
        const frames = Math.ceil(bytes / FRAME_PAYLOAD_BYTES);
        const amount = stations(from, to).reduce(
          (sum, station) => sum + bytes / rates[station]! + frames * overheads[station]!,
          0,
        );
        return { amount, uses: [{ link: 0, weight: 1 }], bound: Number.POSITIVE_INFINITY };
      },
      crossings: (from, to) => (index(from) === index(to) ? 0 : stations(from, to).length),
    },
    latency(from, to) {
      if (index(from) === index(to)) return atOnce;
      if (medium.latency !== undefined) return given(medium.latency);
      return stations(from, to)
        .map((station) => predicted(latencies[station]!))
        .reduce(addCosts);
    },
  };
}

/** A switch. */
function switchedMedium(
  devices: readonly ClusterDevice[],
  medium: Extract<Medium, { kind: 'switched' }>,
  where: ClusterOrigin,
): MediumModel {
  const index = indexByName(devices);
  const bandwidths = devices.map(
    (device) => medium.bandwidth ?? fromProfile(device, 'ethernet', 'rate', 'medium.bandwidth', where).value,
  );
  const latencies = devices.map((device) =>
    medium.latency !== undefined ? null : fromProfile(device, 'ethernet', 'latency', 'medium.latency', where),
  );
  return {
    topology: portsTopology(devices, bandwidths, index, (bytes) => bytes),
    latency(from, to) {
      const [source, sink] = [index(from), index(to)];
      if (source === sink) return atOnce;
      if (medium.latency !== undefined) return given(medium.latency);
      const [a, b] = [predicted(latencies[source]!), predicted(latencies[sink]!)];
      return a.seconds >= b.seconds ? a : b;
    },
  };
}

/**
 * Processes of one machine: each has a port in each direction, which a message fills for as long as it was measured to fill
 * the loopback. So an amount is seconds, of which a port has one a second.
 */
function loopbackMedium(devices: readonly ClusterDevice[], loopback: LinkProfile): MediumModel {
  const timeOf = (bytes: number) => messageTime(loopback, bytes)!;
  const { latency } = timeOf(0);
  const index = indexByName(devices);
  return {
    topology: portsTopology(
      devices,
      devices.map(() => 1),
      index,
      (bytes) => timeOf(bytes).transfer,
    ),
    latency: (from, to) => (index(from) === index(to) ? atOnce : latency),
  };
}

/** Full-duplex ports: a message loads the sender's upward and the receiver's downward one. */
function portsTopology(
  devices: readonly ClusterDevice[],
  capacities: readonly number[],
  index: (name: Id) => number,
  amountOf: (bytes: number) => number,
): Topology {
  return {
    links: devices.flatMap(({ name }, position) => [
      { name: `${name} up`, capacity: capacities[position]! },
      { name: `${name} down`, capacity: capacities[position]! },
    ]),
    transfer(bytes, from, to) {
      const [source, sink] = [index(from), index(to)];
      if (source === sink) return nothing;
      const uses = [
        { link: 2 * source, weight: 1 },
        { link: 2 * sink + 1, weight: 1 },
      ];
      return { amount: amountOf(bytes), uses, bound: Number.POSITIVE_INFINITY };
    },
    crossings: () => 0,
  };
}

function fromProfile(
  device: ClusterDevice,
  link: 'wifi' | 'ethernet',
  field: 'rate' | 'latency',
  wanted: string,
  where: ClusterOrigin,
): Known {
  const figure: Sourced | undefined = device.profile.link[link]?.[field];
  if (figure !== undefined && 'value' in figure) return figure;
  const why = figure === undefined ? '' : ` (${figure.unknown})`;
  throw complain({
    ...(where.file === undefined ? {} : { file: where.file }),
    path: `${where.path ?? 'cluster'}.${wanted}`,
    found: `nothing, and no link.${link}.${field} in profile ${device.profile.name}${why}`,
    expected: `a ${field} in the medium`,
  });
}

function indexByName(devices: readonly ClusterDevice[]): (name: Id) => number {
  const positions = new Map(devices.map((device, position) => [device.name, position]));
  return (name) => {
    const position = positions.get(name);
    if (position !== undefined) return position;
    const near = nearest(name, positions.keys());
    throw new NonnError(
      `cluster: found no device "${name}", expected one of ${[...positions.keys()].join(', ')}${near === undefined ? '' : ` (did you mean "${near}"?)`}`,
    );
  };
}

function given(seconds: number): Cost {
  return { seconds, low: seconds, high: seconds, source: 'given' };
}

function predicted(figure: Known): Cost {
  const [low, high] = intervalOf(figure);
  return { seconds: figure.value, low, high, source: 'predicted' };
}

function addCosts(a: Cost, b: Cost): Cost {
  return { seconds: a.seconds + b.seconds, low: a.low + b.low, high: a.high + b.high, source: a.source };
}
