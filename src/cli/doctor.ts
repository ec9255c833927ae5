import { availableParallelism, freemem, totalmem } from 'node:os';
import { probeSpeed } from '../calibrate/index.js';
import { formatUnit } from '../foundation/index.js';
import { zooNetwork } from '../network/index.js';
import { type BackendName, backendNames, executeWhole, openBackend } from '../runtime/index.js';
import { columns } from './columns.js';
import type { CommandExit, GlobalOptions } from './command.js';
import { print, printJson } from './output.js';

/** Version of Node.js from which nonn is supported. */
const OLDEST_NODE = 20;

interface Finding {
  readonly name: BackendName;
  readonly works: boolean;
  /** Whether kernels use vector instructions; null where the backend does not work. */
  readonly simd: boolean | null;
  readonly threads: number | null;
  /** FLOP/s of a 3x3 convolution. */
  readonly speed: number | null;
  readonly problem?: string;
}

/** `nonn doctor`: what of this machine nonn can use. Exits with 1 if no backend works, or Node.js is too old. */
export async function run(_args: readonly string[], options: GlobalOptions): Promise<CommandExit> {
  const backends: Finding[] = [];
  for (const name of backendNames) backends.push(await examine(name));
  const node = process.versions.node;
  const supported = Number(node.split('.')[0]) >= OLDEST_NODE;
  const cores = availableParallelism();
  const memory = { total: totalmem(), free: freemem() };
  if (options.json)
    printJson({ node, supported, platform: `${process.platform} ${process.arch}`, cores, memory, backends });
  else {
    const rows = [
      ['Node.js', node, supported ? 'supported' : `too old: ${OLDEST_NODE} or newer is needed`],
      ['cores', String(cores), 'workers of a large sweep by default'],
      ['memory', formatUnit(memory.total, 'bytes'), `${formatUnit(memory.free, 'bytes')} free`],
      ...backends.map(({ name, works, simd, threads, speed, problem }) => [
        name,
        works ? 'works' : 'does not work',
        works
          ? `${simd ? 'SIMD' : 'no SIMD'}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${formatUnit(speed ?? 0, 'compute')} in a convolution`
          : (problem ?? ''),
      ]),
    ];
    print(columns(['', '', ''], rows));
  }
  return supported && backends.some((backend) => backend.works) ? 0 : 1;
}

/** Opens a backend and runs a small network on it: one that only starts is of no use. */
async function examine(name: BackendName): Promise<Finding> {
  try {
    const backend = await openBackend(name);
    const network = zooNetwork('lenet5');
    const output = executeWhole(network, new Float32Array(28 * 28).fill(0.5), { seed: 1, backend });
    if (!output.every(Number.isFinite)) throw new Error('its kernels give no numbers');
    return { name, works: true, simd: backend.simd, threads: backend.threads, speed: probeSpeed() };
  } catch (error) {
    return { name, works: false, simd: null, threads: null, speed: null, problem: (error as Error).message };
  }
}
