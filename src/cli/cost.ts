import { memoryMoments } from '../kernel/index.js';
import { costOf, type Network } from '../network/index.js';
import { columns } from './columns.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { networkArgument } from './network-argument.js';
import { print, printJson } from './output.js';

/** Options of `nonn cost`. */
export interface CostOptions extends GlobalOptions {
  readonly input?: number;
  readonly classes?: number;
}

/** Prints what a network costs, layer by layer, with the moment at which most activations live. */
export async function run([name]: readonly string[], options: CostOptions): Promise<CommandExit> {
  const network = networkArgument(name!, options);
  const { layers, ...totals } = costOf(network);
  const peak = peakOf(network);
  if (options.json) printJson({ ...totals, peakActivationBytes: peak.bytes, layers });
  else print(costText(network));
  return 0;
}

function costText(network: Network): string {
  const cost = costOf(network);
  const peak = peakOf(network);
  const live = new Map(memoryMoments(network).map((moment) => [moment.unit.output, moment.bytes]));
  const rows = cost.layers.map((layer) => [
    layer.name,
    layer.kind,
    layer.output.join('x'),
    count(layer.parameters),
    count(layer.macs),
    // A layer that is fused into the next one makes no tensor of its own.
    live.has(layer.name) ? count(live.get(layer.name)!) : '',
    layer.name === peak.layer ? '◄ peak' : '',
  ]);
  const input = cost.input.join('x');
  return [
    `${cost.network}, input ${input}`,
    '',
    columns(['layer', 'kind', 'output', 'parameters', 'MACs', 'live bytes', ''], rows),
    '',
    columns(
      ['', ''],
      [
        ['parameters', `${count(cost.parameters)} (${count(cost.trainableParameters)} trainable)`],
        ['weights', `${count(cost.weightBytes)} bytes as float32`],
        ['multiply-adds', count(cost.macs)],
        ['operations', `${count(cost.flops)} FLOP, two for a multiply-add`],
        ['peak activations', `${count(peak.bytes)} bytes, while ${peak.layer} runs`],
      ],
    ),
  ].join('\n');
}

function peakOf(network: Network): { readonly layer: string; readonly bytes: number } {
  const peak = memoryMoments(network).reduce((a, b) => (b.bytes > a.bytes ? b : a));
  return { layer: peak.unit.output, bytes: peak.bytes };
}

function count(value: number): string {
  return value === 0 ? '-' : value.toLocaleString('en-US');
}
