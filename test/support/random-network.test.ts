import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LayerKind } from '../../src/network/index.js';
import { randomNetwork } from './random-network.js';

it('random networks build, stay small, and between them have every kind of layer that a piece can be cut from', () => {
  const kinds = new Map<LayerKind, number>();
  fc.assert(
    fc.property(randomNetwork(), (network) => {
      for (const kind of new Set(network.layers.map((layer) => layer.kind)))
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      for (const shape of network.shapes.values())
        expect(shape[0] * shape[1] * shape[2]).toBeLessThan(20_000);
      expect(network.layers.length).toBeGreaterThan(1);
    }),
    { numRuns: 300, seed: 1 },
  );
  const common: LayerKind[] = [
    'conv2d',
    'depthwiseConv2d',
    'batchNorm',
    'activation',
    'maxPool',
    'avgPool',
    'add',
    'concat',
  ];
  for (const kind of [...common, 'spaceToDepth', 'globalAvgPool', 'dense', 'softmax'] satisfies LayerKind[])
    expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(15);
  const rarer: LayerKind[] = [
    'channelShuffle',
    'slice',
    'multiply',
    'depthToSpace',
    'pad',
    'layerNorm',
    'localResponseNorm',
    'prelu',
    'constant',
    'channelConv2d',
    'convTranspose2d',
    'resize',
    'dropout',
  ];
  for (const kind of rarer) expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(0);
});

it('a classifier is asked for', () => {
  fc.assert(
    fc.property(randomNetwork({ head: true, maxBlocks: 2 }), (network) => {
      expect(network.shapes.get(network.output)!.slice(0, 2)).toEqual([1, 1]);
    }),
  );
});
