import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../src/foundation/index.js';
import { costOf, loadNetwork } from '../../../src/network/index.js';
import { executeWhole, openBackend } from '../../../src/runtime/index.js';
import { relativeError } from '../../support/network-file.js';
import { families, multiplyAdds, scatter } from '../../support/random-tfjs.js';
import { savedModel } from '../../support/saved-tfjs.js';

describe('a network that somebody draws up in tfjs', () => {
  it.each(Object.entries(families))('is counted and computed as tfjs does: %s', async (name, draw) => {
    const backend = await openBackend('tfjs-wasm');
    const random = randomStream(11, `tfjs/${name}`);
    for (let count = 0; count < 6; count++) {
      await tf.setBackend('cpu');
      const model = draw(random);
      scatter(model, random);
      const shape = model.inputs[0]!.shape.slice(1) as number[];
      const input = Float32Array.from(
        { length: shape.reduce((product, size) => product * size, 1) },
        random.uniform,
      );
      const wanted = (model.predict(tf.tensor(input, [1, ...shape])) as tf.Tensor).dataSync();
      const { network } = loadNetwork(await savedModel(model, true));
      const cost = costOf(network);
      expect(cost.parameters).toBe(model.countParams());
      expect(cost.macs).toBe(multiplyAdds(model));
      const bare = costOf(loadNetwork(await savedModel(model, false)).network);
      expect(bare).toEqual({ ...cost, network: bare.network });
      expect(relativeError(executeWhole(network, input, { seed: 1, backend }), wanted)).toBeLessThan(1e-3);
    }
  });
});
