import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeviceModel, Platform } from '../../src/device/index.js';
import { evaluate } from '../../src/explore/index.js';
import { candidateById, loadScenario, makeScenario } from '../../src/scenario/index.js';

const scenario = loadScenario('scenarios/cifar10-mcu.json');
const row = (id: string) => evaluate(scenario, candidateById(scenario, id)).row;

/** The scenario's boards with other memories. */
function withMemories(change: Partial<DeviceModel>): Platform {
  const { platform } = scenario;
  return { ...platform, devices: platform.devices.map((device) => ({ ...device, ...change })) };
}

describe('a design on microcontrollers', () => {
  it('is refused the teacher by the flash of a board, and says by how much', () => {
    const { feasible, fits, violated, flashPerNode } = row('single-wrn-40-4');
    expect({ feasible, fits }).toEqual({ feasible: false, fits: false });
    // 1 MiB of flash; int8 kernels, eight bytes a channel and 68 KiB of code.
    expect(violated).toContain('flash of hub by 8.05 MB (9.1 MB of 1.05 MB)');
    expect(flashPerNode).toBe(9_028_224 + 68 * 1024);
  });

  it('is refused a split that keeps all weights on every board, and too large a tile by SRAM', () => {
    expect(row('horizontal-wrn-40-4-on-4').violated).toContain('flash of hub (worst of 4) by 8.05 MB');
    expect(row('deepthings-wrn-40-4-10-2x2-on-4').violated).toMatch(
      /SRAM of hub by 2\d.\d kB \(\d+ kB of 262 kB\)/,
    );
  });

  it('fits as a NoNN of students, with a latency, an energy and where that is from', () => {
    const found = row('nonn-wrn-16-1-x4');
    expect(found).toMatchObject({ feasible: true, fits: true, violated: '', energyMissing: null });
    expect(found.latency).toBeGreaterThan(0.3);
    expect(found.energyPerNode).toBeGreaterThan(1e-3);
    expect(found.notes).toContain("energy from MLPerf Tiny's energy runs");
    expect(found.memoryPerNode).toBeLessThanOrEqual(found.flashPerNode! + found.sramPerNode!);
  });

  it('holds a student as its closed form says', () => {
    const { trace, plan } = evaluate(scenario, candidateById(scenario, 'nonn-wrn-16-1-x2'));
    const node = trace.memory.find(({ device }) => device === 'node-1')!;
    // Three maps of 32x32x16, the image in its buffer and 128 features, all bytes, and what X-CUBE-AI holds itself.
    const activations = 3 * 32 * 32 * 16 + 32 * 32 * 3 + 128;
    expect(node).toMatchObject({ activations, buffers: 0, base: 22_927 });
    expect(node.sram).toBe(node.activations + node.buffers + 22_927);
    expect(node.flash).toBe(node.weights + 68 * 1024);
    expect(node.peak).toBe(node.flash! + node.sram!);
    // Features travel as bytes: half of the teacher's 256 filters.
    const features = plan.messages.find(({ from, to }) => from === 'node-1' && to === 'hub')!;
    expect(features.payloadBytes).toBe(128);
  });

  it('keeps the bytes of one network alike, whether its scenario says int8 or the board alone does', () => {
    const data = structuredClone(scenario.data) as { networks: { teacher: unknown } };
    data.networks.teacher = 'wrn-40-4';
    const plain = makeScenario(data, scenario.file);
    const bytes = (of: typeof scenario) =>
      evaluate(of, candidateById(of, 'single-wrn-40-4')).trace.memory.map(({ peak }) => peak);
    expect(bytes(plain)).toEqual(bytes(scenario));
  });

  it('never becomes infeasible with more SRAM or more flash', () => {
    const size = fc.integer({ min: 10_000, max: 12_000_000 });
    const more = fc.integer({ min: 0, max: 1_000_000 });
    const ids = ['single-wrn-40-4', 'single-wrn-16-2', 'nonn-wrn-16-1-x2', 'deepthings-wrn-40-4-61-2x2-on-2'];
    const short = (id: string, memory: number, flash: number) =>
      evaluate(scenario, candidateById(scenario, id), { platform: withMemories({ memory, flash }) }).metrics
        .shortages;
    fc.assert(
      fc.property(fc.constantFrom(...ids), size, size, more, more, (id, sram, flash, dSram, dFlash) => {
        const before = short(id, sram, flash);
        const after = short(id, sram + dSram, flash + dFlash);
        for (const { device, memory } of after)
          expect(before.some((other) => other.device === device && other.memory === memory)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('is judged by the memory that is known, and says that the other is not', () => {
    const { row: found, metrics } = evaluate(scenario, candidateById(scenario, 'single-wrn-40-4'), {
      platform: withMemories({ flash: null }),
    });
    expect(metrics.shortages).toEqual([]);
    expect(metrics.memoryUnknown).toEqual(['hub']);
    expect(found.notes).toContain('whether it fits is unknown');
  });

  it('says that a runtime is not counted whose code nobody knows', () => {
    const { row: found } = evaluate(scenario, candidateById(scenario, 'single-wrn-16-2'), {
      platform: withMemories({ runtimeCode: null }),
    });
    expect(found.notes).toContain("runtime's own memory not counted");
    expect(found.flashPerNode).toBe(706_176);
  });
});
