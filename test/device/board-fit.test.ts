import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boardLatency,
  boardRows,
  boardTableSchema,
  chosenStrength,
  figureOf,
  fitBoards,
  fitTable,
  kernelCost,
  kernelsOf,
  kernelsOfParam,
  latencyFamily,
  loadProfile,
  networkSeconds,
  profileFolder,
  profileNames,
  shapeFactor,
  tableSeconds,
  workShape,
} from '../../src/device/index.js';
import { readDocument } from '../../src/foundation/index.js';
import { kernel, lowerWhole } from '../../src/kernel/index.js';
import { zooNetwork } from '../../src/network/index.js';

const table = readDocument(join(profileFolder, 'fit', 'ncnn-boards.json'), boardTableSchema);
const data = boardRows(table);
const fits = fitTable(data);
const params = join('..', 'shared', 'reference', 'boards', 'param');
const boards = profileNames().filter((name) => loadProfile(name).runtime === 'ncnn');
/** The clusters of one chip that have profiles of their own. */
const powersave: Readonly<Record<string, number>> = { 'rk3399-big': 2, 'rk3399-little': 1 };

describe('the fit of the boards', () => {
  it.each(boards)('of %s gives its committed latency again, byte for byte, from the table alone', (name) => {
    const data = JSON.parse(readFileSync(join(profileFolder, `${name}.json`), 'utf8'));
    for (const threads of data.threads) {
      const { base, fit } = boardLatency(fits, data.board, powersave[name] ?? 0, threads);
      expect(JSON.stringify(base)).toBe(JSON.stringify(data.latency.base[threads]));
      expect(JSON.stringify(fit)).toBe(JSON.stringify(data.latency.fit[threads]));
    }
  });

  it('has a profile for every run of the table, with every measured network that its kernels express', () => {
    const profiles = boards.flatMap((name) => {
      const profile = loadProfile(name);
      return profile.threads.map((threads) =>
        profile.latency.fit![String(threads)]!.rows!.map((row) => row.name),
      );
    });
    expect(profiles.length).toBe(data.runs.length);
    for (const names of profiles) {
      expect(names.length).toBeGreaterThanOrEqual(13);
      expect(names).not.toContain('vision_transformer');
    }
  });

  it('predicts networks that it did not see twice as well as plain least squares of each board by itself', () => {
    // Plain least squares on these rows: mean 19.4 %, median 13.1 % (docs/boards.md).
    const errors = fits.leftOut.map((row) => Math.abs(row.predicted / row.seconds - 1)).sort((a, b) => a - b);
    expect(errors.length).toBe(314);
    expect(errors.reduce((a, b) => a + b, 0) / errors.length).toBeLessThan(0.8 * 0.194);
    expect(errors[errors.length >> 1]).toBeLessThan(0.8 * 0.131);
  });

  it('does not use a network that is left out, whatever its latency', () => {
    const changed = {
      ...data,
      rows: data.rows.map((row) => (row.network === 'vgg16' ? { ...row, seconds: 1e3 * row.seconds } : row)),
    };
    const [one, other] = [data, changed].map((rows) => fitBoards(rows, chosenStrength, ['vgg16']));
    expect(other!.parameters).toEqual(one!.parameters);
  });

  it('finds latencies again that its own model made', () => {
    const truth = fits.whole.parameters;
    const made = {
      ...data,
      rows: data.rows.map((row) => ({
        ...row,
        seconds: networkSeconds(kernelsOf(table, row.network), truth[row.run]!),
      })),
    };
    const found = fitBoards(made, { row: 0.005, network: 0.001, scale: 2 });
    for (const row of made.rows) {
      const seconds = networkSeconds(kernelsOf(table, row.network), found.parameters[row.run]!);
      expect(Math.abs(seconds / row.seconds - 1)).toBeLessThan(0.03);
    }
  });

  it('stays within what hardware can do: overheads of 1 to 30 us, and no more than Winograd saves', () => {
    for (const name of boards) {
      const profile = loadProfile(name);
      for (const threads of profile.threads) {
        const base = profile.latency.base[String(threads)]!;
        const value = (figure: { value: number } | { unknown: string }) =>
          'value' in figure ? figure.value : Number.NaN;
        for (const family of Object.values(base)) {
          expect(value(family!.overhead)).toBeGreaterThan(1e-6);
          expect(value(family!.overhead)).toBeLessThan(30e-6);
        }
        // F(6,3) multiplies 64 times for 324.
        expect(value(base.conv3x3!.rate) / value(base.conv1x1!.rate)).toBeLessThan(324 / 64);
      }
    }
  });

  it('says with the committed profiles, whose numbers have four digits, what the fit says', () => {
    for (const [network, kernels] of Object.entries(table.networks)) {
      const seconds = tableSeconds(loadProfile('raspberry-pi-4b'), 4, kernels);
      const run = data.runs.findIndex((entry) => entry.name.includes('Pi 4') && entry.threads === 4);
      const fitted = networkSeconds(kernels, fits.whole.parameters[run]!);
      expect(Math.abs(seconds / fitted - 1), network).toBeLessThan(0.002);
    }
  });

  it('charges a sigmoid by its elements where that takes longer than their bytes, and a ReLU by its bytes', () => {
    const profile = loadProfile('raspberry-pi-5');
    const base = profile.latency.base['1']!.elementwise!;
    const seconds = (code: number) => {
      const shape = { height: 100, width: 100, channels: 64, activation: code };
      const sizes = { macs: 0, flops: 640_000, bytes: 5_120_000 };
      return kernelCost(profile, 1, kernel({ family: 'activation', layers: [], shape, ...sizes })).seconds;
    };
    const known = (figure: Parameters<typeof figureOf>[0]) => figureOf(figure)!;
    expect(seconds(4)).toBeCloseTo(640_000 * known(base.transcendental) + known(base.overhead), 12);
    expect(seconds(1)).toBeCloseTo(5_120_000 / known(base.bandwidth) + known(base.overhead), 12);
  });

  it('names the runs that a board has when it is asked for another', () => {
    expect(() => boardLatency(fits, table.boards[0]!.board, 0, 3)).toThrow(
      'with 3 threads, expected one of 4, 1',
    );
    expect(() => boardLatency(fits, 'Abacus', 0, 1)).toThrow('expected a board of the table');
  });
});

describe('the effect of small shapes', () => {
  const size = fc.integer({ min: 1, max: 4096 });
  const effect = fc.double({ min: 0, max: 500, noNaN: true });

  it('never lets a larger convolution take less time', () => {
    fc.assert(
      fc.property(
        fc.record({ pixels: size, outputs: size, depth: size }),
        fc.record({ pixels: effect, edge: effect, outputs: effect, depth: effect }),
        fc.constantFrom('pixels' as const, 'outputs' as const, 'depth' as const),
        size,
        (shape, effects, grown, by) => {
          const work = (of: typeof shape) => of.pixels * of.outputs * of.depth * shapeFactor(effects, of);
          const larger = { ...shape, [grown]: shape[grown] + by };
          expect(work(larger)).toBeGreaterThanOrEqual(work(shape) * (1 - 1e-12));
        },
      ),
    );
  });

  it('vanishes in large convolutions and is never below 1', () => {
    const effects = { pixels: 10, edge: 1, outputs: 10, depth: 30 };
    expect(shapeFactor(effects, { pixels: 1e8, outputs: 1e8, depth: 1e8 })).toBeCloseTo(1, 3);
    // (1 + 1/2)^2 + 10/4 = 4.75; 1 + 10/5 = 3; 1 + 30/15 = 3.
    expect(shapeFactor(effects, { pixels: 4, outputs: 5, depth: 15 })).toBeCloseTo(4.75 * 9, 12);
  });
});

describe('the kernels of an ncnn network', () => {
  it('are counted as the lowering counts its own', () => {
    const text = [
      '7767517',
      '5 5',
      'Input data 0 1 data -23330=4,3,8,8,3 0=8 1=8 2=3',
      'Convolution conv 1 1 data conv -23330=4,3,8,8,16 0=16 1=3 4=1 5=1 6=432 9=1',
      'ConvolutionDepthWise dw 1 1 conv dw -23330=4,3,4,4,16 0=16 1=3 3=2 4=1 5=1 6=144 7=16',
      'ConvolutionDepthWise grouped 1 1 dw grouped -23330=4,3,4,4,8 0=8 1=1 6=32 7=4',
      'InnerProduct fc 1 1 grouped fc -23330=4,1,10,1,1 0=10 1=1 2=1280',
      'Sigmoid sigmoid 1 1 fc sigmoid -23330=4,1,10,1,1',
    ].join('\n');
    // conv: 8 * 8 * 16 outputs of 27 multiply-adds, a bias and an activation; dw: 4 * 4 * 16 outputs of 9 and a bias.
    expect(kernelsOfParam(text, 'tiny')).toEqual([
      {
        family: 'conv3x3',
        count: 1,
        flops: 1024 * 56,
        bytes: 4 * (192 + 1024 + 432 + 16),
        pixels: 64,
        depth: 27,
        outputs: 16,
      },
      {
        family: 'depthwise3x3',
        count: 1,
        flops: 256 * 19,
        bytes: 4 * (1024 + 256 + 144 + 16),
        pixels: 16,
        depth: 9,
        outputs: 16,
      },
      {
        family: 'conv1x1',
        count: 1,
        flops: 2 * 128 * 4,
        bytes: 4 * (256 + 128 + 32),
        pixels: 16,
        depth: 4,
        outputs: 2,
        groups: 4,
      },
      { family: 'dense', count: 1, flops: 2560 + 10, bytes: 4 * (128 + 10 + 1280 + 10) },
      { family: 'elementwise', count: 1, flops: 10, bytes: 80, transcendental: true },
    ]);
  });

  it('refuses a layer that no kernel expresses', () => {
    const text = '7767517\n1 1\nMultiHeadAttention attention 0 1 out -23330=4,2,8,8,1';
    expect(() => kernelsOfParam(text, 'transformer')).toThrow(
      'transformer: attention: found the layer MultiHeadAttention',
    );
  });

  it('do the work of the same networks of the zoo, in convolutions of the same sizes', () => {
    // ncnn's VGG-16 and MobileNet V1 are the published ones: multiply-adds agree to a percent.
    for (const [ncnn, zoo] of [
      ['vgg16', 'vgg16'],
      ['mobilenet', 'mobilenet-v1'],
    ] as const) {
      const { kernels } = lowerWhole(zooNetwork(zoo));
      const ours = kernels.reduce((sum, kernel) => sum + kernel.flops, 0);
      const theirs = table.networks[ncnn]!.reduce((sum, { count, flops }) => sum + count * flops, 0);
      expect(theirs / ours).toBeGreaterThan(0.99);
      expect(theirs / ours).toBeLessThan(1.01);
      const sizes = new Set(
        kernels
          .filter((kernel) => latencyFamily(kernel).includes('conv'))
          .map((kernel) => {
            const { pixels, depth, outputs } = workShape(kernel);
            return `${pixels} ${depth} ${outputs}`;
          }),
      );
      for (const { family, pixels, depth, outputs } of table.networks[ncnn]!)
        if (family.includes('conv')) expect(sizes).toContain(`${pixels} ${depth} ${outputs}`);
    }
  });

  it.skipIf(!existsSync(params))(
    'are those of the committed table (needs the .param files of ../shared, which are not committed)',
    () => {
      const names = readdirSync(params).map((file) => file.replace('.param', ''));
      for (const name of Object.keys(table.networks)) {
        expect(names).toContain(name);
        const text = readFileSync(join(params, `${name}.param`), 'utf8');
        expect(kernelsOfParam(text, name)).toEqual(table.networks[name]);
      }
    },
  );
});
