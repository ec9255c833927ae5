import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fitLoopback } from '../../src/calibrate/loopback.js';
import { linkSection } from '../../src/calibrate/surroundings.js';
import {
  clusterSchema,
  type LinkProfile,
  messageTime,
  parseProfile,
  platformOf,
  resolveCluster,
} from '../../src/device/index.js';
import { parseDocument } from '../../src/foundation/index.js';
import { parsePlanFile } from '../../src/plan/index.js';
import { simulate } from '../../src/simulate/index.js';
import { measuredFigure, profileData } from './profile-data.js';

/** A profile as a calibration writes it that measured these one-way times, in seconds by bytes. */
function calibrated(times: readonly (readonly [bytes: number, seconds: number])[]) {
  const fit = fitLoopback(times.map(([bytes, seconds]) => ({ bytes, times: [2 * seconds] })));
  return { ...profileData(), name: 'here', link: linkSection(fit, measuredFigure) };
}

function loopbackOf(data: object): LinkProfile {
  return parseProfile(JSON.parse(JSON.stringify(data)), 'here.json').link.loopback!;
}

function seconds(link: LinkProfile, bytes: number): number {
  const { latency, transfer } = messageTime(link, bytes)!;
  return latency.seconds + transfer;
}

/** Tables as they are measured: times that do not fall with the size. */
const tables = fc
  .uniqueArray(fc.integer({ min: 1, max: 8_000_000 }), { minLength: 2, maxLength: 9 })
  .chain((sizes) =>
    fc
      .array(fc.integer({ min: 5, max: 5000 }), { minLength: sizes.length, maxLength: sizes.length })
      .map((micros) => {
        const ascending = micros.sort((a, b) => a - b);
        return sizes
          .sort((a, b) => a - b)
          .map((bytes, index): readonly [number, number] => [bytes, ascending[index]! / 1e6]);
      }),
  );

describe('the time of a message on a link that was measured by size', () => {
  it('is the measured one at every measured size', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const link = loopbackOf(calibrated(table));
        for (const [bytes, measured] of table) expect(seconds(link, bytes)).toBeCloseTo(measured, 9);
      }),
    );
  });

  it('has a fixed part that is the same for all sizes, and is never shorter for more bytes', () => {
    fc.assert(
      fc.property(tables, fc.nat(2e7), fc.nat(2e6), (table, bytes, more) => {
        const link = loopbackOf(calibrated(table));
        expect(messageTime(link, bytes)!.latency).toEqual(messageTime(link, bytes + more)!.latency);
        expect(messageTime(link, bytes)!.transfer).toBeGreaterThanOrEqual(0);
        expect(seconds(link, bytes + more)).toBeGreaterThanOrEqual(seconds(link, bytes) - 1e-15);
      }),
    );
  });

  it('has no steps: one byte more takes no more than the steepest of its gaps', () => {
    fc.assert(
      fc.property(tables, fc.nat(1e7), (table, bytes) => {
        const link = loopbackOf(calibrated(table));
        const { value: rate } = link.rate as { value: number };
        const gaps = table.map(([size, time], index) => {
          const [before, earlier] =
            index === 0 ? [0, messageTime(link, 0)!.latency.seconds] : table[index - 1]!;
          return (time - earlier) / (size - before);
        });
        const steepest = Math.max(...gaps, 1 / rate);
        expect(seconds(link, bytes + 1) - seconds(link, bytes)).toBeLessThanOrEqual(steepest * 1.001 + 1e-9);
      }),
    );
  });

  it('takes the bytes beyond the largest size at the rate: worked by hand', () => {
    // 1 MB in 1.01 ms after 0.01 ms for 100 bytes: 1 GB/s.
    const link = loopbackOf(
      calibrated([
        [100, 10e-6],
        [50_000, 20e-6],
        [1_000_000, 1.01e-3],
      ]),
    );
    expect(seconds(link, 25_050)).toBeCloseTo(15e-6, 10);
    expect(seconds(link, 3_000_000)).toBeCloseTo(3.01e-3, 9);
  });

  it('is latency and bytes over the rate where there are no sizes, and unknown where one of them is', () => {
    const { wifi } = parseProfile(profileData(), 'here.json').link;
    expect(seconds(wifi!, 3_000_000)).toBeCloseTo(3e-3 + 1, 12);
    expect(messageTime({ ...wifi!, latency: { unknown: 'nobody knows' } }, 5000)).toBeNull();
    expect(messageTime({ ...wifi!, rate: { unknown: 'nobody knows' } }, 5000)).toBeNull();
  });
});

describe('a switched medium whose ports are the loopback of a profile', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'nonn-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const devices = [{ profile: 'raspberry-pi-3b-plus', count: 3 }];
  const cluster = (medium: unknown, profile: object = calibrated([[100, 1e-5]])) => {
    writeFileSync(join(folder, 'here.json'), JSON.stringify(profile));
    const file = parseDocument({ devices, medium }, clusterSchema, 'scenario.json');
    return platformOf(resolveCluster(file, { file: 'scenario.json', folder }));
  };
  const loopback = { kind: 'switched', loopback: './here.json' };
  /** Finishing times of messages that all may begin at once, in their order. */
  const finishes = (
    platform: ReturnType<typeof cluster>,
    messages: readonly (readonly [from: string, to: string, bytes: number])[],
  ) => {
    const names = platform.devices.map(({ name }) => name);
    const routes = names.flatMap((from) =>
      names.filter((to) => to !== from).map((to) => ({ from, to, links: ['wire'] })),
    );
    const { plan } = parsePlanFile(
      {
        cluster: {
          devices: names.map((name) => ({ name, speed: 1 })),
          links: [{ name: 'wire', bandwidth: 1, latency: 0 }],
          routes,
        },
        tasks: [],
        messages: messages.map(([from, to, bytes], index) => ({
          id: `m${index}`,
          from,
          to,
          bytes,
          after: [],
        })),
      },
      'test',
    );
    const last = new Map<string, number>();
    for (const { of, finish } of simulate(plan, platform).spans) last.set(of, finish);
    return messages.map((_, index) => last.get(`m${index}`)!);
  };

  it('plays one message in just the time that was measured for its size', () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 1, max: 2e7 }), (table, bytes) => {
        const profile = calibrated(table);
        const [finish] = finishes(cluster(loopback, profile), [['pi-1', 'pi-2', bytes]]);
        expect(finish! / seconds(loopbackOf(profile), bytes)).toBeCloseTo(1, 9);
      }),
      { numRuns: 30 },
    );
  });

  it('shares a port between messages, but not what passes before they fill it', () => {
    const profile = calibrated([
      [100, 10e-6],
      [1_000_000, 1.01e-3],
    ]);
    const platform = cluster(loopback, profile);
    const { latency, transfer } = messageTime(loopbackOf(profile), 1_000_000)!;
    const [a, b] = finishes(platform, [
      ['pi-1', 'pi-2', 1_000_000],
      ['pi-1', 'pi-3', 1_000_000],
    ]);
    expect(a).toBeCloseTo(latency.seconds + 2 * transfer, 12);
    expect(b).toBeCloseTo(a!, 15);
    // Ports are full-duplex.
    const [there, back] = finishes(platform, [
      ['pi-1', 'pi-2', 1_000_000],
      ['pi-2', 'pi-1', 1_000_000],
    ]);
    expect(there).toBeCloseTo(latency.seconds + transfer, 12);
    expect(back).toBeCloseTo(there!, 15);
  });

  it.each<[string, unknown, RegExp]>([
    [
      'a bandwidth beside it',
      { ...loopback, bandwidth: '1 Gbit/s' },
      /^scenario\.json: medium\.loopback: found it beside "bandwidth", expected one or the other/,
    ],
    [
      'a latency beside it',
      { ...loopback, latency: '1 ms' },
      /medium\.loopback: found it beside "latency", expected one or the other/,
    ],
    [
      'a profile without loopback',
      { kind: 'switched', loopback: 'raspberry-pi-5' },
      /^scenario\.json: cluster\.medium\.loopback: found the profile raspberry-pi-5, which knows no link\.loopback, expected one that "nonn calibrate" wrote/,
    ],
    [
      'an unknown profile',
      { kind: 'switched', loopback: 'raspberry-pi-55' },
      /^scenario\.json: cluster\.medium\.loopback: found the unknown device profile "raspberry-pi-55".*did you mean/,
    ],
  ])('refuses %s', (_, medium, sentence) => {
    expect(() => cluster(medium)).toThrow(sentence);
  });
});
