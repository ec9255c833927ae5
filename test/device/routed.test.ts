import { describe, expect, it } from 'vitest';
import { type RoutedLink, routedTopology } from '../../src/device/index.js';

const link = (name: string, sharing: 'fair' | 'fatpipe' = 'fair', bandwidth = 100): RoutedLink => ({
  name,
  bandwidth,
  latency: 0.25,
  sharing,
});

describe('a topology of explicit routes', () => {
  it('sums the latencies of a route, and multiplies them by the factor', () => {
    const topology = routedTopology(
      [link('x'), link('y', 'fatpipe')],
      [{ from: 'a', to: 'b', links: ['x', 'y'] }],
      { latencyFactor: 4, bandwidthFactor: 1, crossTraffic: 0 },
    );
    expect(topology.latency('a', 'b')).toBe(2);
    expect(topology.latency('a', 'a')).toBe(0);
  });

  it('shares fair links and bounds a flow by the narrowest fatpipe link, both at their factor', () => {
    const topology = routedTopology(
      [link('x'), link('y', 'fatpipe', 60), link('z', 'fatpipe', 40)],
      [{ from: 'a', to: 'b', links: ['y', 'x', 'z'] }],
      { latencyFactor: 1, bandwidthFactor: 0.5, crossTraffic: 0 },
    );
    expect(topology.links).toEqual([{ name: 'x', capacity: 50 }]);
    expect(topology.transfer(7, 'a', 'b')).toEqual({ amount: 7, uses: [{ link: 0, weight: 1 }], bound: 20 });
  });

  it('loads the links of the answers with the share of cross-traffic', () => {
    const model = { latencyFactor: 1, bandwidthFactor: 1, crossTraffic: 0.05 };
    const apart = routedTopology(
      [link('up'), link('down')],
      [
        { from: 'a', to: 'b', links: ['up'] },
        { from: 'b', to: 'a', links: ['down'] },
      ],
      model,
    );
    expect(apart.transfer(1, 'a', 'b').uses).toEqual([
      { link: 0, weight: 1 },
      { link: 1, weight: 0.05 },
    ]);
    const oneWay = routedTopology([link('up')], [{ from: 'a', to: 'b', links: ['up'] }], model);
    expect(oneWay.transfer(1, 'a', 'b').uses).toEqual([{ link: 0, weight: 1.05 }]);
  });

  it('lets what stays on a device take no time', () => {
    expect(routedTopology([], []).transfer(1e9, 'a', 'a').amount).toBe(0);
  });

  it('has no answer where there is no route', () => {
    expect(() => routedTopology([], []).transfer(1, 'a', 'b')).toThrow('found no route from "a" to "b"');
    expect(() => routedTopology([link('wire')], [{ from: 'a', to: 'b', links: ['wir'] }])).toThrow(
      'found the unknown link "wir", expected the name of a link (did you mean "wire"?)',
    );
  });
});
