import { basename } from 'node:path';
import { type CalibrationProgress, calibrate } from '../calibrate/index.js';
import { latencyFamilies, parseProfile } from '../device/index.js';
import {
  checkWritable,
  complain,
  documentText,
  formatShare,
  formatUnit,
  writeAtomically,
} from '../foundation/index.js';
import type { BackendName } from '../runtime/index.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { note, print, printJson } from './output.js';
import { startProgress } from './progress.js';

export interface CalibrateCommandOptions extends GlobalOptions {
  readonly backend?: BackendName;
  readonly threads?: number;
  /** Seconds. */
  readonly budget?: number;
  readonly out: string;
}

const DEFAULT_BUDGET = 300;

/** `nonn calibrate --out PROFILE`: measures this machine and writes its profile. */
export async function run(_args: readonly string[], options: CalibrateCommandOptions): Promise<CommandExit> {
  const { out, budget = DEFAULT_BUDGET, backend = 'tfjs-wasm', threads } = options;
  const name = profileName(out);
  checkWritable(out);
  const progress = startProgress('calibrating', Math.round(budget), options);
  const begun = performance.now();
  let calibration: Awaited<ReturnType<typeof calibrate>>;
  try {
    calibration = await calibrate({
      budget,
      backend,
      threads,
      name,
      seed: options.seed ?? 1,
      date: new Date().toISOString().slice(0, 10),
      out,
      onProgress: (done) => progress.reach(Math.round(budget - done.secondsLeft), remarkOf(done)),
    });
  } finally {
    progress.stop();
  }
  const { document, resumed } = calibration;
  const text = documentText(document);
  parseProfile(JSON.parse(text), out);
  writeAtomically(out, text);
  calibration.finish();
  const { fit, encode, decode } = document.latency;
  const { leftOut, samples, note: agreement } = Object.values(fit)[0]!;
  const seconds = (performance.now() - begun) / 1000;
  const sampled = Object.keys(Object.values(document.latency.base)[0]!);
  const missing = latencyFamilies.filter((family) => !sampled.includes(family));
  if (options.json) {
    printJson({
      profile: out,
      runtime: backend,
      kernels: samples,
      seconds,
      leftOut,
      missing,
      ...(resumed === undefined ? {} : { resumed }),
      encode,
      decode,
    });
    return 0;
  }
  const before =
    resumed === undefined
      ? ''
      : `, after ${resumed.kernels} in ${resumed.seconds.toFixed(0)} s that were broken off`;
  print(`${out}: ${samples} kernels of ${backend} in ${seconds.toFixed(0)} s${before}
error of kernels left out  ${formatShare(leftOut.median)} median, ${formatShare(leftOut.mean)} mean, ${formatShare(leftOut.worst)} worst
encode, decode             ${formatUnit(encode.bandwidth.value, 'bandwidth')}, ${formatUnit(decode.bandwidth.value, 'bandwidth')}
noise                      ${agreement}`);
  if (missing.length > 0)
    print(
      `too few kernels of ${missing.join(', ')}: their nearest relatives answer, and rows say extrapolated; a longer --budget sees more`,
    );
  note(`try it: nonn validate --kernels 100 --profile ${out}`, options);
  return 0;
}

function remarkOf({ kernels, secondsLeft, error, worst }: CalibrationProgress): string {
  const fitted = error === undefined ? '' : `, median error ${formatShare(error)}, largest of ${worst}`;
  return `${kernels} kernels${fitted}, ${secondsLeft.toFixed(0)} s left`;
}

function profileName(out: string): string {
  const name = basename(out).replace(/\.json$/, '');
  if (out.endsWith('.json') && /^[A-Za-z0-9][\w.-]*$/.test(name)) return name;
  throw complain({
    file: '--out',
    found: `"${out}"`,
    expected: 'a file NAME.json, with a name of letters, digits, "-", "_" and "."',
  });
}
