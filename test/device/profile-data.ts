/** A small valid profile as a file holds it, to be changed by tests. */
export function profileData() {
  const known = (value: number | string) => ({
    value,
    source: 'measured' as string,
    citation: 'a test',
    date: '2026-11-24',
  });
  const family = (rate: number, bandwidth: number, overhead: number) => ({
    rate: known(rate),
    bandwidth: known(bandwidth),
    overhead: known(overhead),
  });
  return {
    name: 'test-board',
    board: 'a board for tests',
    runtime: 'tfjs-wasm',
    threads: [1],
    regime: 'burst',
    memory: { available: known('512 MiB'), runtimeBase: known('64 MB'), weightCopies: known(2) },
    latency: {
      base: {
        '1': { conv: family(1e9, 1e9, 1e-4), elementwise: family(2e9, 5e8, 1e-5) } as Record<string, unknown>,
      } as Record<string, unknown>,
      encode: { bandwidth: known('1 GB/s'), overhead: known('100 us') },
      decode: { bandwidth: known('2 GB/s'), overhead: known('50 us') },
    } as Record<string, unknown>,
    energy: {
      measuringPoint: 'nowhere',
      idle: known('2 W') as unknown,
      compute: { '1': known('3 W') },
      send: { unknown: 'nobody measured it' },
      receive: { unknown: 'nobody measured it' },
    },
    link: {
      wifi: { rate: known('24 Mbit/s'), latency: known('3 ms') },
      ethernet: { rate: known('100 Mbit/s'), latency: known('0.3 ms') },
    } as Record<string, unknown>,
  };
}

/** A figure that a calibration measured, as it writes it into a profile. */
export function measuredFigure(value: number, extra: object = {}) {
  return { value, source: 'measured', citation: 'a test', date: '2026-11-24', ...extra };
}
