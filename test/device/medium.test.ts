import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterSchema, type Medium, platformOf, resolveCluster } from '../../src/device/index.js';
import { parseDocument } from '../../src/foundation/index.js';

function platform(medium: unknown, devices: unknown = [{ profile: 'raspberry-pi-3b-plus', count: 3 }]) {
  return platformOf(resolveCluster(parseDocument({ devices, medium }, clusterSchema, 'scenario.json')));
}

describe('a shared medium', () => {
  it('takes the airtime of both hops: 3072 bytes between two Raspberry Pi 3 B+ take 2.006 ms', () => {
    // 24.5 Mbit/s (sbc-reviews): 3072 * 8 / 24.5e6 s = 1.003102 ms, once up to the access point and once down.
    const { topology } = platform({ kind: 'shared' });
    expect(topology.links).toEqual([{ name: 'air', capacity: 1 }]);
    const { amount, uses } = topology.transfer(3072, 'pi-1', 'pi-2');
    expect(amount).toBeCloseTo(2.0062041e-3, 10);
    expect(uses).toEqual([{ link: 0, weight: 1 }]);
    expect(topology.crossings('pi-1', 'pi-2')).toBe(2);
  });

  it('crosses the air once where an end is the access point', () => {
    const { topology, costs } = platform({ kind: 'shared', accessPoint: 'pi-1' });
    expect(topology.transfer(3072, 'pi-1', 'pi-2').amount).toBeCloseTo(1.00310204e-3, 11);
    expect(topology.crossings('pi-2', 'pi-1')).toBe(1);
    expect(topology.crossings('pi-2', 'pi-3')).toBe(2);
    // Half of the published ping of 6.99 ms, a hop.
    expect(costs.message(1, 'pi-1', 'pi-2').seconds).toBeCloseTo(3.495e-3, 12);
    expect(costs.message(1, 'pi-2', 'pi-3').seconds).toBeCloseTo(6.99e-3, 12);
  });

  it('takes each station at its own rate', () => {
    const { topology } = platform({ kind: 'shared' }, [
      { profile: 'raspberry-pi-3b-plus', name: 'slow' },
      { profile: 'raspberry-pi-4b', name: 'fast' },
    ]);
    // 24.5 Mbit/s up and 99.3 Mbit/s down.
    expect(topology.transfer(1e6, 'slow', 'fast').amount).toBeCloseTo(8 / 24.5 + 8 / 99.3, 9);
  });

  it('counts an overhead for every frame of 1460 bytes and every hop', () => {
    const { topology } = platform({ kind: 'shared', rate: '8 Mbit/s', frameOverhead: '100 us' });
    expect(topology.transfer(1460, 'pi-1', 'pi-2').amount).toBeCloseTo(2 * (1460e-6 + 1e-4), 12);
    expect(topology.transfer(1461, 'pi-1', 'pi-2').amount).toBeCloseTo(2 * (1461e-6 + 2e-4), 12);
  });

  it('waits for the latency that it is given, whatever the profiles say', () => {
    const { costs } = platform({ kind: 'shared', latency: '2 ms' });
    expect(costs.message(1, 'pi-1', 'pi-2')).toEqual({
      seconds: 2e-3,
      low: 2e-3,
      high: 2e-3,
      source: 'given',
    });
  });
});

describe('a switched medium', () => {
  it('loads the upward port of the sender and the downward port of the receiver', () => {
    const { topology } = platform({ kind: 'switched', bandwidth: '80 Mbit/s' });
    const { amount, uses } = topology.transfer(1000, 'pi-1', 'pi-3');
    expect(amount).toBe(1000);
    expect(uses.map(({ link, weight }) => [topology.links[link]!.name, weight])).toEqual([
      ['pi-1 up', 1],
      ['pi-3 down', 1],
    ]);
    expect(topology.links.map((link) => link.capacity)).toEqual(new Array(6).fill(1e7));
    expect(topology.crossings('pi-1', 'pi-3')).toBe(0);
  });

  it('takes the Ethernet of the profiles where it states nothing', () => {
    const { topology, costs } = platform({ kind: 'switched' });
    expect(topology.links[0]!.capacity).toBe(253e6 / 8);
    expect(costs.message(1, 'pi-1', 'pi-2').seconds).toBeCloseTo(0.271e-3, 12);
  });
});

describe('every medium', () => {
  const media = fc.constantFrom<Medium>(
    { kind: 'shared' },
    { kind: 'shared', rate: 1e6, frameOverhead: 1e-4 },
    { kind: 'shared', accessPoint: 'pi-2' },
    { kind: 'switched' },
    { kind: 'switched', bandwidth: 1e7, latency: 1e-3 },
  );
  const names = fc.constantFrom('pi-1', 'pi-2', 'pi-3');

  it('needs no time from a device to itself, and more for more bytes to another', () => {
    fc.assert(
      fc.property(
        media,
        names,
        names,
        fc.nat(1e7),
        fc.integer({ min: 1, max: 1e7 }),
        (medium, from, to, bytes, more) => {
          const { topology, costs } = platform(medium);
          const transfer = topology.transfer(bytes, from, to);
          if (from === to) {
            expect(transfer.amount).toBe(0);
            expect(transfer.uses).toEqual([]);
            expect(costs.message(bytes, from, to).seconds).toBe(0);
          } else {
            expect(transfer.bound).toBeGreaterThan(0);
            expect(topology.transfer(bytes + more, from, to).amount).toBeGreaterThan(transfer.amount);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses a device that it does not join, with the nearest name', () => {
    const { topology } = platform({ kind: 'shared' });
    expect(() => topology.transfer(1, 'pi-1', 'pi-22')).toThrow(
      'cluster: found no device "pi-22", expected one of pi-1, pi-2, pi-3 (did you mean "pi-2"?)',
    );
  });
});
