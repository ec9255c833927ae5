import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  figureOf,
  fitMicrocontrollerTable,
  kernelCost,
  loadProfile,
  microcontrollerFigures,
  microcontrollerRows,
  microcontrollerSeconds,
  microcontrollerTableSchema,
  parseProfile,
  predictNetwork,
  profileFolder,
  profileNames,
} from '../../src/device/index.js';
import { readDocument } from '../../src/foundation/index.js';
import { foldedWeightBytes, type Kernel, kernel, peakMemory } from '../../src/kernel/index.js';
import { type Network, NetworkBuilder, zooNetwork } from '../../src/network/index.js';
import { randomNetwork } from '../support/random-network.js';
import { profileData } from './profile-data.js';

const table = readDocument(join(profileFolder, 'fit', 'mlperf-tiny.json'), microcontrollerTableSchema);
const fits = fitMicrocontrollerTable(table);
const names = profileNames().filter((name) => loadProfile(name).dtype === 'int8');

/** MLPerf Tiny's reference models; the autoencoder is in no zoo. */
const networks: Readonly<Record<string, Network>> = {
  ic: zooNetwork('resnet8'),
  kws: zooNetwork('ds-cnn-s'),
  vww: zooNetwork('mobilenet-v1-0.25', { input: 96, classes: 2 }),
  ad: autoencoder(),
};

function autoencoder(): Network {
  const builder = new NetworkBuilder('ad');
  let last = builder.input([1, 1, 640], 'input');
  for (const units of [128, 128, 128, 128, 8, 128, 128, 128, 128])
    last = builder.relu(builder.batchNorm(builder.dense(last, { units })));
  return builder.build(builder.dense(last, { units: 640 }));
}

/** The run of the table whose citation a profile has. */
function runOf(name: string): number {
  const { citation } = loadProfile(name).latency.fit!['1']!;
  const run = table.runs.findIndex(({ source }) => citation === `${table.citation}: ${source}`);
  expect(run).toBeGreaterThanOrEqual(0);
  return run;
}

describe('the fit of the microcontrollers', () => {
  it.each(names)('of %s gives its committed figures again, byte for byte, from the table alone', (name) => {
    const file = JSON.parse(readFileSync(join(profileFolder, `${name}.json`), 'utf8'));
    const { base, fit, copying, power } = microcontrollerFigures(fits, table.runs[runOf(name)]!.id);
    expect(JSON.parse(JSON.stringify({ base, fit, copying }))).toEqual({
      base: file.latency.base['1'],
      fit: file.latency.fit['1'],
      copying: file.latency.encode.bandwidth,
    });
    if (power === null) expect(file.energy.compute['1'].unknown).toContain('no energy run');
    else expect(file.energy.compute['1']).toEqual(power);
  });

  it('predicts a network that it knows of other boards within 10 % in the mean, better than one rate a board', () => {
    const error = (rows: typeof fits.ownBoard) =>
      rows.reduce((sum, { predicted, seconds }) => sum + Math.abs(predicted / seconds - 1), 0) / rows.length;
    expect(fits.ownBoard.length).toBe(microcontrollerRows(table).length);
    expect(error(fits.ownBoard)).toBeLessThan(0.1);
    expect(error(fits.everywhere)).toBeLessThan(0.21);
  });

  it('knows nothing of a row that it predicts', () => {
    const at = table.runs.findIndex(({ id }) => id === 'v1.3 STMicroelectronics NUCLEO_L4R5ZI-P');
    const changed = structuredClone(table) as typeof table;
    changed.runs[at]!.milliseconds['vww'] = 2000;
    const row = (of: typeof fits.ownBoard) => of.find(({ run, network }) => run === at && network === 'vww')!;
    const again = fitMicrocontrollerTable(changed);
    // Steps start from the fit of all rows, and end where they no longer matter.
    for (const way of ['ownBoard', 'everywhere'] as const)
      expect(row(again[way]).predicted / row(fits[way]).predicted).toBeCloseTo(1, 2);
  });

  it('has slopes that are those of its seconds', () => {
    const parameter = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(networks)),
        fc.array(parameter, { minLength: 9, maxLength: 9 }),
        fc.integer({ min: 0, max: 8 }),
        (network, drawn, index) => {
          const middle = [1e-8, 0.8, 6, 4, 4, 4000, 10, 1, 10];
          const at = Float64Array.from(middle, (value, place) => value * Math.exp(drawn[place]!));
          const slopes = new Float64Array(9);
          const kernels = table.networks[network]!;
          const seconds = microcontrollerSeconds(kernels, at, slopes);
          const step = 1e-5;
          const moved = (by: number) =>
            microcontrollerSeconds(
              kernels,
              at.map((value, place) => (place === index ? value * Math.exp(by) : value)),
            );
          const numeric = (moved(step) - moved(-step)) / (2 * step);
          expect(slopes[index]! / seconds).toBeCloseTo(numeric / seconds, 5);
        },
      ),
    );
  });
});

describe('a microcontroller profile', () => {
  const rows = names.flatMap((name) =>
    Object.entries(table.runs[runOf(name)]!.milliseconds).map(([network, value]) => ({
      name,
      network,
      value,
    })),
  );

  it.each(rows)('of $name gives the published $value ms of $network back within 3.2 %', (row) => {
    const { latency } = predictNetwork(loadProfile(row.name), 1, networks[row.network]!);
    expect(Math.abs(latency / (row.value / 1e3) - 1)).toBeLessThan(0.032);
  });

  it.each([
    // Published medians of closed-division results.txt, tiny_results_v1.2 and v1.3 (STMicroelectronics).
    ['nucleo-l4r5zi', 'ic', 6919.375],
    ['nucleo-l4r5zi', 'kws', 1820.454],
    ['nucleo-h7a3zi-q', 'ic', 5090.283],
    ['nucleo-u575zi-q', 'kws', 656.163],
    ['nucleo-u385rg-q', 'ic', 965.5817],
    ['nucleo-u385rg-q', 'kws', 245.3412],
    ['nucleo-u385rg-q', 'vww', 518.9761],
  ])('of %s gives the published energy of %s, %d µJ, back within 6 %%', (name, network, microjoules) => {
    const prediction = predictNetwork(loadProfile(name), 1, networks[network]!);
    expect(prediction.energyBasis).toContain('MLPerf Tiny');
    expect(Math.abs(prediction.energy! / (microjoules * 1e-6) - 1)).toBeLessThan(0.06);
  });

  it('without an energy run has no energy, and names the field', () => {
    const prediction = predictNetwork(loadProfile('disco-f746ng'), 1, networks['ic']!);
    expect(prediction).toMatchObject({ energy: null, missing: 'energy.compute.1' });
  });

  it('never predicts less time for more work, whatever the rows of a window are', () => {
    const size = fc.integer({ min: 1, max: 64 });
    const shape = fc.record({ out: size, channels: size, filters: size, window: fc.constantFrom(1, 3, 5) });
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        shape,
        fc.constantFrom('out' as const, 'channels' as const, 'filters' as const),
        (name, small, grown) => {
          const seconds = (of: typeof small) => kernelCost(loadProfile(name), 1, convolution(of)).seconds;
          const large = { ...small, [grown]: small[grown] * 2 };
          expect(seconds(large)).toBeGreaterThanOrEqual(seconds(small) * (1 - 1e-12));
        },
      ),
    );
  });
});

function convolution(of: { out: number; channels: number; filters: number; window: number }): Kernel {
  const { out, channels, filters, window } = of;
  const macs = out * out * filters * window * window * channels;
  return kernel({
    family: 'conv2d',
    layers: ['conv'],
    shape: {
      height: out,
      width: out,
      channels,
      kernelHeight: window,
      kernelWidth: window,
      strideHeight: 1,
      strideWidth: 1,
      groups: 1,
      outHeight: out,
      outWidth: out,
      filters,
    },
    macs,
    flops: 2 * macs,
    bytes: 4 * (out * out * (channels + filters) + window * window * channels * filters),
  });
}

describe('the memories of a microcontroller', () => {
  it('hold ResNet-8 as its closed form says: bytes of weights in flash, three maps of 32x32x16 in SRAM', () => {
    // Kernels; a scale and a bias of four bytes for each output channel (three stages, two shortcuts, the classifier).
    const kernels = 27 * 16 + 2 * 144 * 16 + (144 + 288 + 16) * 32 + (288 + 576 + 32) * 64 + 64 * 10;
    const channels = 3 * 16 + 3 * 32 + 3 * 64 + 10;
    const profile = loadProfile('nucleo-g0b1re');
    const { flash, sram, peakMemory: peak } = predictNetwork(profile, 1, networks['ic']!);
    expect(flash).toEqual({ bytes: kernels + 8 * channels, available: 512 * 1024 });
    expect(sram).toEqual({ bytes: 3 * 32 * 32 * 16, available: 144 * 1024 });
    expect(peak).toBe(flash!.bytes + sram!.bytes);
  });

  it.each([
    // Sizes of the reference models' .tflite files (Banbury et al., "MLPerf Tiny Benchmark", 2021, table 1), in kB.
    ['ic', 96, 49_152],
    ['kws', 52, 16_000],
    ['vww', 325, 55_296],
    ['ad', 270, 768],
  ])(
    'hold the weights of %s in less than its file of %d kB, and its tensors in %d bytes',
    (name, file, tensors) => {
      const { flash, sram } = predictNetwork(loadProfile('nucleo-g0b1re'), 1, networks[name]!);
      expect(sram!.bytes).toBe(tensors);
      expect(flash!.bytes).toBeGreaterThan(500 * file);
      expect(flash!.bytes).toBeLessThan(1000 * file * 1.03);
    },
  );

  it.each([
    // STMicroelectronics/stm32ai-modelzoo@6f10965, image_classification/{resnetv1,mobilenetv1}/README.md, KiB.
    ['resnet8', 32, 10, 69.72, 133.35],
    ['mobilenet-v1-0.25', 96, 5, 83.29, 282.69],
  ])('need of %s what X-CUBE-AI needs, within 10 % of RAM and of flash', (zoo, input, classes, ram, rom) => {
    const { flash, sram } = predictNetwork(
      loadProfile('nucleo-h7a3zi-q'),
      1,
      zooNetwork(zoo, { input, classes }),
    );
    expect(Math.abs(sram!.bytes / (ram * 1024) - 1)).toBeLessThan(0.1);
    expect(Math.abs(flash!.bytes / (rom * 1024) - 1)).toBeLessThan(0.1);
  });

  it('hold a quarter of the float32 activations of any network, and its int8 weights', () => {
    const profile = loadProfile('nucleo-g0b1re');
    fc.assert(
      fc.property(randomNetwork(), (network) => {
        const { flash, sram } = predictNetwork(profile, 1, network);
        expect(sram!.bytes).toBe(peakMemory(network).bytes / 4);
        expect(flash!.bytes).toBe(foldedWeightBytes({ ...network, dtype: 'int8' }));
        expect(flash!.bytes).toBeLessThanOrEqual(foldedWeightBytes(network) + 8 * 1024);
      }),
    );
  });

  it('are smaller than the teacher of NoNN on every board, whose flash it exceeds', () => {
    for (const name of names) {
      const { flash } = predictNetwork(loadProfile(name), 1, zooNetwork('wrn-40-4'));
      expect(flash!.bytes).toBeGreaterThan(flash!.available!);
      expect(figureOf(loadProfile(name).memory.flash)).toBe(flash!.available);
    }
  });
});

describe('a profile with the memories of a microcontroller', () => {
  const known = profileData().memory.available;
  it.each<[string, (memory: Record<string, unknown>) => void, string]>([
    ['no memory at all', (memory) => delete memory['available'], 'memory: found neither'],
    [
      'flash alone',
      (memory) => {
        delete memory['available'];
        memory['flash'] = known;
      },
      'memory: found "flash", expected "available", or "flash" and "sram" of a microcontroller',
    ],
    [
      'one memory for all beside flash and SRAM',
      (memory) => Object.assign(memory, { flash: known, sram: known }),
      'memory: found "available" and "flash" and "sram"',
    ],
    [
      'the code of a runtime without flash',
      (memory) => Object.assign(memory, { runtimeCode: known }),
      'memory.runtimeCode: found the code of a runtime, expected "flash" beside it',
    ],
    [
      'a wrong unit',
      (memory) => {
        delete memory['available'];
        Object.assign(memory, { flash: known, sram: { ...known, value: '3 W' } });
      },
      'memory.sram.value: found "3 W" with a unit of power ("W"), expected a unit of bytes',
    ],
  ])('is refused for %s', (_, change, sentence) => {
    const data = profileData();
    change(data.memory as Record<string, unknown>);
    expect(() => parseProfile(data, 'profile.json')).toThrow(`profile.json: ${sentence}`);
  });

  it('is refused for a number format that no runtime here computes in', () => {
    expect(() => parseProfile({ ...profileData(), dtype: 'int4' }, 'profile.json')).toThrow(
      'profile.json: dtype: found "int4", expected one of float32, int8',
    );
  });
});
