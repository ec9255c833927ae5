import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../src/foundation/index.js';
import { fusedPrefix } from '../../src/kernel/index.js';
import { type Network, zooNetwork } from '../../src/network/index.js';
import { type Backend, execute, executeWhole, openBackend } from '../../src/runtime/index.js';
import { planDeepThings, planHorizontal, planSingle, type Strategised } from '../../src/strategy/index.js';
import { relativeError } from '../support/reference-network.js';

let backend: Backend;
beforeAll(async () => {
  backend = await openBackend('tfjs-wasm');
});

const setting = {
  devices: ['a', 'b', 'c'],
  source: 'a',
  sink: 'b',
  inputAt: 'source',
  inputType: 'float32',
} as const;

// Small inputs, so that each runs in a second; the layers are those of the full size.
describe.each([
  ['alexnet', 67],
  ['googlenet', 64],
  ['squeezenet-1.1', 64],
  ['resnet18', 64],
  ['resnet50', 64],
  ['mobilenet-v1-0.25', 64],
  ['mobilenet-v2-0.25', 64],
  ['shufflenet-v1-g3', 64],
  ['channelnet-v1', 64],
  ['ds-cnn-s', undefined],
  ['resnet8', undefined],
  ['resnet9-8', undefined],
] as const)('%s runs with the same output on one device and on several', (name, input) => {
  const network = zooNetwork(name, { classes: 10, ...(input === undefined ? {} : { input }) });
  const image = imageFor(network);
  let whole: Float32Array;
  beforeAll(() => {
    whole = executeWhole(network, image, { seed: 2, backend });
  });
  const expectSame = ({ plan }: Strategised) => {
    const { output } = execute(plan, new Map([[network.id, network]]), image, { seed: 2, backend });
    expect(relativeError(output, whole)).toBeLessThan(1e-4);
  };

  it('one', () => expectSame(planSingle(network, setting)));

  it('strips', () => expectSame(planHorizontal(network, setting)));

  it('fused tiles', () => {
    const fused = [6, 5, 4, 3, 2, 1].find((count) => isFusable(network, count))!;
    expectSame(planDeepThings(network, setting, { fused, rows: 2, columns: 2 }));
  });
});

function isFusable(network: Network, count: number): boolean {
  try {
    return fusedPrefix(network, count).units.length > 0;
  } catch {
    return false;
  }
}

function imageFor(network: Network): Float32Array {
  const { uniform } = randomStream(4, 'image');
  const shape = network.shapes.get(network.inputs[0]!)!;
  return Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, uniform);
}
