import { describe, expect, it } from 'vitest';
import { fusedPrefix } from '../../src/kernel/index.js';
import { loadNetwork } from '../../src/network/index.js';
import { execute, executeWhole, openBackend } from '../../src/runtime/index.js';
import { planDeepThings, planHorizontal, planSingle, type Setting } from '../../src/strategy/index.js';
import { relativeError, written } from '../support/network-file.js';
import { onnxFile, waves } from '../support/onnx-file.js';
import { onnxModels } from '../support/onnx-models.js';

const where: Setting = {
  devices: ['a', 'b', 'c'],
  source: 'a',
  sink: 'b',
  inputAt: 'source',
  inputType: 'float32',
};

describe('an imported network', () => {
  const images = Object.entries(onnxModels).filter(([, { inputs }]) => inputs['x']!.length === 4);

  it.each(images)(
    'goes through every strategy with its own weights and the output of the whole: %s',
    async (_, model) => {
      const backend = await openBackend('tfjs-wasm');
      const { network } = loadNetwork(written({ 'net.onnx': onnxFile(model) }));
      const input = waves(
        network.shapes.get(network.inputs[0]!)!.reduce((product, size) => product * size, 1),
      );
      const whole = executeWhole(network, input, { seed: 1, backend });
      const fused = [6, 5, 4, 3, 2, 1].find((count) => canFuse(network, count));
      for (const { plan } of [
        planSingle(network, where),
        planHorizontal(network, where),
        // A sum with the input at the very end leaves nothing to fuse.
        ...(fused === undefined ? [] : [planDeepThings(network, where, { rows: 2, columns: 1, fused })]),
      ]) {
        // Another seed: nothing of it may be drawn.
        const { output } = execute(plan, new Map([[network.id, network]]), input, { seed: 2, backend });
        expect(relativeError(output, whole)).toBeLessThanOrEqual(1e-4);
      }
    },
  );
});

function canFuse(network: Parameters<typeof fusedPrefix>[0], count: number): boolean {
  try {
    return fusedPrefix(network, count).units.length === count;
  } catch {
    return false;
  }
}
