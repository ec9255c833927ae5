import { memoryMoments } from '../kernel/index.js';
import { costOf, type Network, type NetworkCost } from '../network/index.js';
import { columns } from './columns.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { networkArgument } from './network-argument.js';
import { print, printJson } from './output.js';

/** Options of `nonn cost`. */
export interface CostOptions extends GlobalOptions {
  readonly input?: number;
  readonly classes?: number;
}

/** A network's cost with the moment at which most activations live. */
interface Costed extends NetworkCost {
  readonly peakActivationBytes: number;
  readonly peakLayer: string;
  /** Bytes that live while each layer runs that makes a tensor of its own, most first. */
  readonly live: readonly (readonly [layer: string, bytes: number])[];
}

/**
 * Prints what a network costs, layer by layer, with the moments at which most activations live; of two networks, the
 * totals side by side.
 */
export async function run(names: readonly string[], options: CostOptions): Promise<CommandExit> {
  const costs = names.map((name) => costed(networkArgument(name, options)));
  const [first, ...others] = costs as [Costed, ...Costed[]];
  if (options.json) printJson(others.length === 0 ? json(first) : { networks: costs.map(json) });
  else print(others.length === 0 ? layersText(first) : comparisonText(costs));
  return 0;
}

function costed(network: Network): Costed {
  const live = memoryMoments(network).map(({ unit, bytes }) => [unit.output, bytes] as const);
  // A stable sort: of equal moments the first is the peak.
  const sorted = [...live].sort((a, b) => b[1] - a[1]);
  const [peakLayer, peakActivationBytes] = sorted[0]!;
  return { ...costOf(network), peakActivationBytes, peakLayer, live: sorted };
}

function json({ layers, live: _live, peakLayer, ...totals }: Costed) {
  return { ...totals, peakLayer, layers };
}

/** How the moments of most memory are marked in the table, the largest first. */
const marks = ['◄ peak', '◄ 2nd', '◄ 3rd'];

function layersText(cost: Costed): string {
  const live = new Map(cost.live);
  const largest = cost.live.slice(0, marks.length).map(([layer]) => layer);
  const rows = cost.layers.map((layer) => [
    layer.name,
    layer.kind,
    layer.output.join('x'),
    count(layer.parameters),
    count(layer.macs),
    // A layer that is fused into the next one makes no tensor of its own.
    live.has(layer.name) ? count(live.get(layer.name)!) : '',
    marks[largest.indexOf(layer.name)] ?? '',
  ]);
  return [
    `${cost.network}, input ${cost.input.join('x')}`,
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
        ['peak activations', `${count(cost.peakActivationBytes)} bytes, while ${cost.peakLayer} runs`],
      ],
    ),
  ].join('\n');
}

/** Totals that are compared. */
const totals: readonly (readonly [title: string, of: (cost: Costed) => number])[] = [
  ['layers', (cost) => cost.layers.length],
  ['parameters', (cost) => cost.parameters],
  ['trainable', (cost) => cost.trainableParameters],
  ['weight bytes', (cost) => cost.weightBytes],
  ['multiply-adds', (cost) => cost.macs],
  ['FLOP', (cost) => cost.flops],
  ['peak activation bytes', (cost) => cost.peakActivationBytes],
];

function comparisonText(costs: readonly Costed[]): string {
  const [a, b] = costs as [Costed, Costed];
  const rows = totals.map(([title, of]) => [title, count(of(a)), count(of(b)), ratio(of(b), of(a))]);
  return columns(
    ['', `${a.network}, ${a.input.join('x')}`, `${b.network}, ${b.input.join('x')}`, 'second / first'],
    rows,
  );
}

function ratio(of: number, to: number): string {
  return to === 0 ? '-' : (of / to).toPrecision(3);
}

function count(value: number): string {
  return value === 0 ? '-' : value.toLocaleString('en-US');
}
