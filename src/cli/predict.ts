import {
  type BatchPrediction,
  loadProfile,
  type MemoryNeed,
  type NetworkPrediction,
  predictBatch,
  predictNetwork,
} from '../device/index.js';
import { formatUnit } from '../foundation/index.js';
import { columns } from './columns.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { warnOfOtherMachine } from './machine-warning.js';
import { networkArgument } from './network-argument.js';
import { print, printJson } from './output.js';

export interface PredictCommandOptions extends GlobalOptions {
  readonly profile: string;
  readonly threads?: number;
  /** Images that are computed at once. */
  readonly batch?: number;
  readonly input?: number;
  readonly classes?: number;
}

/** `nonn predict NETWORK --profile PROFILE [--batch N]`: what one inference takes on one device. */
export async function run(args: readonly string[], options: PredictCommandOptions): Promise<CommandExit> {
  const { input, classes } = options;
  const profile = loadProfile(options.profile);
  const network = networkArgument(args[0]!, {
    ...(input === undefined ? {} : { input }),
    ...(classes === undefined ? {} : { classes }),
  });
  await warnOfOtherMachine([profile], options);
  const threads = options.threads ?? Math.max(...profile.threads);
  const prediction =
    options.batch === undefined
      ? predictNetwork(profile, threads, network)
      : predictBatch(profile, threads, network, options.batch);
  if (options.json) {
    const { runtime, name } = profile;
    printJson({ network: network.id, profile: name, runtime, threads, ...prediction });
    return 0;
  }
  const { latency, low, high, energy, missing, layers, extrapolated, energyBasis } = prediction;
  const first =
    prediction.firstInference === undefined
      ? ''
      : `\nfirst        ${formatUnit(prediction.firstInference, 'time')}, with the weights brought in`;
  const power = energyBasis === undefined ? '' : `, from ${energyBasis}`;
  print(
    columns(
      ['layer', 'latency', 'share', ''],
      layers.map((layer) => [
        layer.name,
        formatUnit(layer.latency, 'time'),
        `${((100 * layer.latency) / latency).toFixed(1)} %`,
        layer.extrapolated ? 'extrapolated' : '',
      ]),
    ),
  );
  const base = prediction.runtimeBaseCounted
    ? ''
    : " without the runtime's own, which the profile does not know";
  print(`
${network.id} on ${profile.name} (${profile.runtime}, ${threads} ${threads === 1 ? 'thread' : 'threads'})
latency      ${formatUnit(latency, 'time')} (${formatUnit(low, 'time')} to ${formatUnit(high, 'time')})${first}${ofBatch(prediction)}
energy       ${energy === null ? `unknown: the profile has no ${missing}` : formatUnit(energy, 'energy') + power}
tensors      ${formatUnit(prediction.tensorMemory, 'bytes')} at their peak
peak memory  ${formatUnit(prediction.peakMemory, 'bytes')}${base}${memories(prediction)}
extrapolated ${(100 * extrapolated).toFixed(1)} % of the latency`);
  return 0;
}

/** What a batch comes to for each of its images. */
function ofBatch(prediction: NetworkPrediction | BatchPrediction): string {
  if (!('batch' in prediction)) return '';
  const { batch, latencyPerImage, throughput } = prediction;
  const images = `${batch} ${batch === 1 ? 'image' : 'images'}`;
  return `\nbatch        ${images} at once: ${formatUnit(latencyPerImage, 'time')} an image, ${throughput.toPrecision(3)} images a second`;
}

/** The two memories of a microcontroller, each with what is missing. */
function memories({ flash, sram }: { readonly flash?: MemoryNeed; readonly sram?: MemoryNeed }): string {
  const line = (name: string, { bytes, available }: MemoryNeed) => {
    const has = available === null ? 'an unknown amount' : formatUnit(available, 'bytes');
    const short = available === null ? 0 : bytes - available;
    const verdict = short > 0 ? `: does not fit, ${formatUnit(short, 'bytes')} too much` : '';
    return `\n  ${name.padEnd(11)}${formatUnit(bytes, 'bytes')} of ${has}${verdict}`;
  };
  return flash === undefined || sram === undefined ? '' : line('flash', flash) + line('SRAM', sram);
}
