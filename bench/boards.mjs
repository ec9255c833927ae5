import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { kernelsOfParam, loadProfile, profileNames, tableSeconds } from '../dist/device/index.js';

/**
 * What the board profiles say: how far they were off for networks that were left out of their fit; or, of ncnn's
 * `.param` files with shape hints (ncnn's tools write them), what they predict on every board.
 */
export function measure(values) {
  const networks = (values.param?.split(',') ?? []).map((file) => {
    const name = basename(file, '.param');
    return [name, kernelsOfParam(readFileSync(file, 'utf8'), name)];
  });
  const boards = profileNames()
    .map((name) => loadProfile(name))
    .filter((profile) => profile.runtime === 'ncnn')
    .flatMap((profile) =>
      profile.threads.map((threads) => {
        const { leftOut } = profile.latency.fit[threads];
        return {
          profile: profile.name,
          board: profile.board,
          threads,
          leftOut: { count: leftOut.count, median: leftOut.median, mean: leftOut.mean, worst: leftOut.worst },
          predicted: Object.fromEntries(
            networks.map(([network, kernels]) => [network, tableSeconds(profile, threads, kernels)]),
          ),
        };
      }),
    );
  const latencies = boards.reduce((sum, { leftOut }) => sum + leftOut.count, 0);
  const mean = boards.reduce((sum, { leftOut }) => sum + leftOut.count * leftOut.mean, 0) / latencies;
  return { latencies, mean, boards };
}

/** @returns rows of a table. */
export function describe({ latencies, mean, boards }) {
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  const rows = boards.map(({ profile, threads, leftOut, predicted }) => {
    const names = Object.keys(predicted);
    return [
      `${profile}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
      names.length > 0
        ? names.map((name) => `${name} ${(1e3 * predicted[name]).toPrecision(4)} ms`).join(', ')
        : `left out: mean ${percent(leftOut.mean)}, median ${percent(leftOut.median)}, worst ${percent(leftOut.worst)} of ${leftOut.count} networks`,
    ];
  });
  return [...rows, ['left-out error', `mean ${percent(mean)} of ${latencies} latencies`]];
}
