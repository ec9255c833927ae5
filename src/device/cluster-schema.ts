import { z } from 'zod';
import { complain, quantity, show } from '../foundation/index.js';
import type { DeviceProfile } from './profile.js';
import { loadProfile } from './profiles.js';

/** Devices that one cluster may have. */
const MOST_DEVICES = 1024;

const text = z.string().min(1);
const name = text.regex(/^[A-Za-z0-9][\w.-]*$/, {
  error: (issue) => `found ${show(issue.input)}, expected a name of letters, digits, "-", "_" and "."`,
});

/** Wi-Fi through an access point: everything shares the airtime of one channel. */
const sharedSchema = z.strictObject({
  kind: z.literal('shared'),
  /** Goodput of every station; that of each device's profile where it is left out. */
  rate: quantity('bandwidth', { positive: true }).optional(),
  /** One way from device to device; the sum of the stations' own where it is left out. */
  latency: quantity('time').optional(),
  /** Airtime of a frame beside its bytes. */
  frameOverhead: quantity('time').optional(),
  /** The device that is the access point; without it the access point is none of the devices. */
  accessPoint: text.optional(),
});

/** A switch: every device has a full-duplex port of its own. */
const switchedSchema = z
  .strictObject({
    kind: z.literal('switched'),
    /** Of each port, in each direction; that of each device's profile where it is left out. */
    bandwidth: quantity('bandwidth', { positive: true }).optional(),
    /** One way from device to device; the larger of the two devices' own where it is left out. */
    latency: quantity('time').optional(),
    /** A calibrated profile: every port is its loopback, as measured by size, in the place of bandwidth and latency. */
    loopback: text.optional().meta({
      description:
        'a calibrated profile whose loopback, as measured by size, stands in the place of bandwidth and latency',
    }),
  })
  .superRefine(({ bandwidth, latency, loopback }, context) => {
    const beside = bandwidth === undefined ? 'latency' : 'bandwidth';
    const message = `found it beside "${beside}", expected one or the other`;
    if (loopback !== undefined && (bandwidth ?? latency) !== undefined)
      context.addIssue({ code: 'custom', path: ['loopback'], message });
  });

/** Schema of a cluster as a scenario file holds it. */
export const clusterSchema = z.strictObject({
  devices: z
    .array(
      z.strictObject({
        name: name.optional(),
        /** A name from `device-profiles/`, or a file. */
        profile: text,
        /** So many devices of this kind, named `name-1`, `name-2`, ... */
        count: z.int().min(1).max(MOST_DEVICES).optional(),
        /** Threads that it computes with; the most that its profile has where it is left out. */
        threads: z.int().min(1).max(1024).optional(),
      }),
    )
    .min(1)
    .max(MOST_DEVICES),
  medium: z.discriminatedUnion('kind', [sharedSchema, switchedSchema], {
    error: (issue) => {
      if (issue.code !== 'invalid_union') return undefined;
      const kind = (issue.input as { kind?: unknown } | null)?.kind;
      return `found ${show(kind)}, expected one of shared, switched`;
    },
  }),
});

export type ClusterFile = z.output<typeof clusterSchema>;

type MediumFile = ClusterFile['medium'];

/** How the devices of a cluster are joined; what is left out comes from their profiles. */
export type Medium =
  | Extract<MediumFile, { kind: 'shared' }>
  | (Omit<Extract<MediumFile, { kind: 'switched' }>, 'loopback'> & {
      /** The profile whose loopback the ports are. */
      readonly loopback?: DeviceProfile;
    });

/** One device of a cluster. */
export interface ClusterDevice {
  readonly name: string;
  readonly profile: DeviceProfile;
  readonly threads: number;
}

/** A cluster with its profiles read and its counts expanded. */
export interface Cluster {
  readonly devices: readonly ClusterDevice[];
  readonly medium: Medium;
}

/** Where a cluster stands, for errors. */
export interface ClusterOrigin {
  readonly file?: string;
  /** JSON path of the cluster in the file; `cluster` where it is left out. */
  readonly path?: string;
}

/**
 * Reads the profiles of a cluster and names its devices. Devices without a name are called after their kind
 * (`pi-1`, `pi-2`, ... for Raspberry Pis, `device-1`, ... for others), counted through the whole cluster.
 *
 * @param where file and JSON path of errors, and the folder that relative profile files start from.
 * @throws NonnError for an unknown profile, threads that it does not have, a name twice, an unknown access point, or a
 * profile without the loopback that the medium takes from it.
 */
export function resolveCluster(
  cluster: ClusterFile,
  where: ClusterOrigin & { readonly folder?: string } = {},
): Cluster {
  const at = (path: string) => ({
    ...(where.file === undefined ? {} : { file: where.file }),
    path: `${where.path ?? 'cluster'}.${path}`,
  });
  const devices: ClusterDevice[] = [];
  const taken = new Set<string>();
  const counters = new Map<string, number>();
  for (const [index, entry] of cluster.devices.entries()) {
    const total = devices.length + (entry.count ?? 1);
    if (total > MOST_DEVICES)
      throw complain({
        ...at(`devices[${index}].count`),
        found: `${total} devices`,
        expected: `at most ${MOST_DEVICES} in a cluster`,
      });
    const profile = loadProfile(entry.profile, where.folder, at(`devices[${index}].profile`));
    const threads = entry.threads ?? Math.max(...profile.threads);
    if (!profile.threads.includes(threads))
      throw complain({
        ...at(`devices[${index}].threads`),
        found: `${threads}`,
        expected: `one of ${profile.threads.join(', ')}, which ${profile.name} has`,
      });
    const single = entry.name !== undefined && entry.count === undefined;
    const stem = entry.name ?? (profile.name.startsWith('raspberry-pi') ? 'pi' : 'device');
    for (let copy = 0; copy < (entry.count ?? 1); copy++) {
      const number = (counters.get(stem) ?? 0) + 1;
      if (!single) counters.set(stem, number);
      const device = single ? stem : `${stem}-${number}`;
      if (taken.has(device))
        throw complain({
          ...at(`devices[${index}].name`),
          found: `the name "${device}" twice`,
          expected: 'a name of its own for each device',
        });
      taken.add(device);
      devices.push({ name: device, profile, threads });
    }
  }
  checkAccessPoint(cluster.medium, devices, at('medium.accessPoint'));
  return { devices, medium: resolveMedium(cluster.medium, where.folder, at('medium.loopback')) };
}

/** The profiles that a cluster's numbers come from, those of devices first. */
export function profilesOf({ devices, medium }: Cluster): readonly DeviceProfile[] {
  const loopback = mediumProfile(medium);
  return [...devices.map(({ profile }) => profile), ...(loopback === undefined ? [] : [loopback])];
}

/** The profile that a medium's numbers come from, where it names one. */
export function mediumProfile(medium: Medium): DeviceProfile | undefined {
  return medium.kind === 'switched' ? medium.loopback : undefined;
}

function resolveMedium(
  medium: MediumFile,
  folder: string | undefined,
  at: { readonly file?: string; readonly path: string },
): Medium {
  if (medium.kind === 'shared' || medium.loopback === undefined) return medium as Medium;
  const profile = loadProfile(medium.loopback, folder, at);
  const { rate, latency } = profile.link.loopback ?? {};
  if (rate === undefined || latency === undefined || 'unknown' in rate || 'unknown' in latency)
    throw complain({
      ...at,
      found: `the profile ${profile.name}, which knows no link.loopback`,
      expected: 'one that "nonn calibrate" wrote',
    });
  return { kind: 'switched', loopback: profile };
}

function checkAccessPoint(
  medium: MediumFile,
  devices: readonly ClusterDevice[],
  at: { readonly file?: string; readonly path: string },
): void {
  if (medium.kind !== 'shared' || medium.accessPoint === undefined) return;
  const names = devices.map((device) => device.name);
  if (!names.includes(medium.accessPoint))
    throw complain({ ...at, found: show(medium.accessPoint), expected: `one of ${names.join(', ')}` });
}
