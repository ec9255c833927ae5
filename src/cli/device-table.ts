import { formatUnit } from '../foundation/index.js';
import type { Trace } from '../plan/index.js';
import { columns } from './columns.js';

/** Energy by state and memory by part of each device. */
export function perDevice(trace: Trace) {
  return trace.energy.map(({ device, ...energy }, index) => {
    const { device: _, ...memory } = trace.memory[index]!;
    return { device, energy, memory };
  });
}

/** `perDevice` for a terminal. */
export function deviceTable(trace: Trace): string {
  const joules = (value: number | null) => (value === null ? '–' : formatUnit(value, 'energy'));
  const bytes = (value: number | null) => (value === null ? '–' : formatUnit(value, 'bytes'));
  const split = trace.memory.some(({ flash }) => flash !== undefined);
  const head = ['device', 'busy', 'energy', 'idle', 'compute', 'encode', 'decode', 'send', 'receive'];
  return columns(
    [
      ...head,
      ...['memory', 'weights', 'activations', 'buffers', 'runtime'],
      ...(split ? ['flash', 'SRAM'] : []),
    ],
    perDevice(trace).map(({ device, energy, memory }) => [
      device,
      `${(energy.utilisation * 100).toFixed(0)} %`,
      ...[
        energy.total,
        energy.idle,
        energy.compute,
        energy.encode,
        energy.decode,
        energy.send,
        energy.receive,
      ].map(joules),
      ...[memory.peak, memory.weights, memory.activations, memory.buffers, memory.base].map(bytes),
      ...(split ? [memory.flash ?? null, memory.sram ?? null].map(bytes) : []),
    ]),
  );
}
