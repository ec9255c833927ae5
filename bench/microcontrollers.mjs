import { join } from 'node:path';
import {
  loadProfile,
  microcontrollerTableSchema,
  predictNetwork,
  profileFolder,
  profileNames,
} from '../dist/device/index.js';
import { readDocument } from '../dist/foundation/index.js';
import { makeTable, referenceNetworks } from '../scripts/microcontroller-table.mjs';

/**
 * What the microcontroller profiles say: how far they were off for networks that were left out of their fit, beside what
 * they say of the published latencies and energies of the networks that they know; or, with a file of rows such as
 * MLPerf Tiny's, of those rows, and which of them the fit never saw.
 */
export function measure(values) {
  const table = readDocument(join(profileFolder, 'fit', 'mlperf-tiny.json'), microcontrollerTableSchema);
  const rows = values.rows === undefined ? table : makeTable(values.rows);
  const networks = referenceNetworks();
  const profiles = profileNames()
    .map((name) => loadProfile(name))
    .filter((profile) => profile.dtype === 'int8')
    .map((profile) => {
      const { citation, leftOut } = profile.latency.fit['1'];
      const isOf = ({ source }) => citation === `${table.citation}: ${source}`;
      const known = table.runs.find(isOf);
      const run = rows.runs.find(isOf) ?? { milliseconds: {} };
      const latencies = Object.entries(run.milliseconds).map(([network, milliseconds]) => {
        const { latency, energy } = predictNetwork(profile, 1, networks[network]);
        const microjoules = run.microjoules?.[network];
        return {
          network,
          fitted: known.milliseconds[network] !== undefined,
          measured: milliseconds / 1e3,
          predicted: latency,
          error: latency / (milliseconds / 1e3) - 1,
          ...(microjoules === undefined || energy === null
            ? {}
            : {
                energy: {
                  measured: microjoules / 1e6,
                  predicted: energy,
                  error: energy / (microjoules / 1e6) - 1,
                },
              }),
        };
      });
      return {
        profile: profile.name,
        run: known.id,
        leftOut: { mean: leftOut.mean, count: leftOut.count },
        latencies,
      };
    });
  const all = profiles.flatMap(({ latencies }) => latencies);
  const meanError = (of) =>
    of.length === 0 ? null : of.reduce((sum, { error }) => sum + Math.abs(error), 0) / of.length;
  return {
    profiles,
    fitted: meanError(all.filter(({ fitted }) => fitted)),
    unseen: meanError(all.filter(({ fitted }) => !fitted)),
  };
}

/** @returns rows of a table. */
export function describe({ profiles, fitted, unseen }) {
  const percent = (share) => `${share >= 0 ? '+' : ''}${(100 * share).toFixed(1)} %`;
  const rows = profiles.map(({ profile, leftOut, latencies }) => [
    profile,
    [
      `left out of every board ${(100 * leftOut.mean).toFixed(1)} % of ${leftOut.count}`,
      ...latencies.map(({ network, fitted: known, predicted, error, energy }) => {
        const joules = energy === undefined ? '' : `, energy ${percent(energy.error)}`;
        return `${network}${known ? '' : ' (unseen)'} ${(1e3 * predicted).toPrecision(4)} ms ${percent(error)}${joules}`;
      }),
    ].join('; '),
  ]);
  const mean = (name, error) =>
    error === null ? [] : [[`mean error, ${name}`, `${(100 * error).toFixed(1)} %`]];
  return [...rows, ...mean('networks of the fit', fitted), ...mean('networks that it never saw', unseen)];
}
