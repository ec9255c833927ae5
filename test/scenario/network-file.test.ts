import { describe, expect, it } from 'vitest';
import { designOf, loadScenario } from '../../src/scenario/index.js';
import { written } from '../support/network-file.js';
import { onnxFile } from '../support/onnx-file.js';
import { onnxModels } from '../support/onnx-models.js';

const model = onnxFile(onnxModels['a classifier as PyTorch writes it']!);

function scenario(teacher: unknown) {
  return JSON.stringify({
    networks: { teacher },
    cluster: {
      devices: [{ profile: 'raspberry-pi-4b', count: 2 }],
      medium: { kind: 'switched', bandwidth: '939 Mbit/s' },
    },
    candidates: [{ strategy: 'single' }, { strategy: 'horizontal', devices: 2 }],
    baseline: 'single-mine',
  });
}

describe('a scenario with a network from a file', () => {
  it.each([{ file: 'mine.onnx' }, { file: './mine.onnx', name: 'mine' }])(
    'plans it as any other, by the name of its file or a given one: %j',
    (teacher) => {
      const loaded = loadScenario(written({ 's.json': scenario(teacher), 'mine.onnx': model }));
      expect(loaded.teacher).toBe('mine');
      expect(loaded.networks.get('mine')!.weights).toBeDefined();
      const plans = loaded.candidates.map((candidate) => designOf(loaded, candidate).plan);
      expect(plans[1]!.tasks.length).toBeGreaterThan(plans[0]!.tasks.length);
    },
  );

  it('says where the scenario names a file that is not there', () => {
    expect(() => loadScenario(written({ 's.json': scenario({ file: 'mine.onnx' }) }))).toThrow(
      /s\.json: networks\.teacher: \S+mine\.onnx: found no such file/,
    );
  });

  it('keeps its kernels as bytes where the scenario says so, and needs less memory for it', () => {
    const resident = (teacher: object) => {
      const loaded = loadScenario(written({ 's.json': scenario(teacher), 'mine.onnx': model }));
      return designOf(loaded, loaded.candidates[0]!).plan.resident[0]!.bytes;
    };
    // Kernels of 4x3x3x3 and 16x5 numbers, with 4 and 5 scales.
    const saved = 3 * (108 + 80) - 4 * (4 + 5);
    expect(resident({ file: 'mine.onnx' }) - resident({ file: 'mine.onnx', dtype: 'int8' })).toBe(saved);
  });
});
