import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { GlobalOptions } from '../../src/cli/command.js';
import { run as cost } from '../../src/cli/cost.js';
import { run as tiles } from '../../src/cli/tiles.js';
import { NonnError } from '../../src/foundation/index.js';
import { written } from '../support/network-file.js';
import { onnxFile } from '../support/onnx-file.js';
import { onnxModels } from '../support/onnx-models.js';

const plain: GlobalOptions = { quiet: false, json: false, debug: false };
const json: GlobalOptions = { ...plain, json: true };

/** What a command writes to stdout. */
async function output(command: () => Promise<number>): Promise<string> {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  expect(await command()).toBe(0);
  return written.mock.calls.map(([text]) => String(text)).join('');
}

afterEach(() => vi.restoreAllMocks());

describe('nonn cost', () => {
  it('prints the fields that others rely on', async () => {
    const found = JSON.parse(await output(() => cost(['wrn-16-1'], json)));
    expect(found).toMatchObject({
      network: 'wrn-16-1',
      input: [32, 32, 3],
      parameters: 176_554,
      trainableParameters: 175_626,
      weightBytes: 4 * 176_554,
      // Worked by hand: at the first block's activation live its convolution's input, what it normalised and itself.
      peakActivationBytes: 3 * 32 * 32 * 16 * 4,
    });
    expect(found.layers[1]).toEqual({
      name: 'conv1',
      kind: 'conv2d',
      output: [32, 32, 16],
      parameters: 448,
      macs: 32 * 32 * 27 * 16,
    });
    expect(found.flops).toBeGreaterThan(2 * found.macs);
  });

  it('lists the layers in a table that marks the moment at which most memory is used', async () => {
    const text = await output(() => cost(['lenet5'], plain));
    expect(text).toContain('lenet5, input 28x28x1');
    expect(text.split('\n').filter((line) => line.includes('◄ peak'))).toEqual([
      expect.stringMatching(/^tanh1 .*37,632/),
    ]);
    expect(text).toMatch(/parameters +61,706 \(61,706 trainable\)/);
  });

  it('marks the next two moments as well', async () => {
    const text = await output(() => cost(['vgg11'], plain));
    expect(text.match(/◄ .*/g)).toEqual(expect.arrayContaining(['◄ peak', '◄ 2nd', '◄ 3rd']));
  });

  it('sets two networks side by side', async () => {
    const text = await output(() => cost(['resnet18', 'mobilenet-v2'], plain));
    expect(text).toMatch(/ resnet18, 224x224x3 +mobilenet-v2, 224x224x3 +second \/ first$/m);
    expect(text).toMatch(/^trainable +11,689,512 +3,504,872 +0\.300$/m);
  });

  it('prints what docs/networks.md shows', async () => {
    const text = readFileSync(new URL('../../docs/networks.md', import.meta.url), 'utf8');
    const example = /^ {4}\$ nonn cost resnet18 mobilenet-v2\n((?: {4}.*\n)+)/m.exec(text)![1]!;
    const printed = await output(() => cost(['resnet18', 'mobilenet-v2'], plain));
    expect(example.replace(/^ {4}/gm, '')).toBe(printed);
  });

  it('lists both in its JSON', async () => {
    const found = JSON.parse(await output(() => cost(['resnet18', 'mobilenet-v2'], json)));
    expect(found.networks.map(({ network }: { network: string }) => network)).toEqual([
      'resnet18',
      'mobilenet-v2',
    ]);
    expect(found.networks[1].layers[0].kind).toBe('input');
  });

  it('takes another input and other classes', async () => {
    const found = JSON.parse(
      await output(() => cost(['mobilenet-v1'], { ...json, input: 96, classes: 2 } as GlobalOptions)),
    );
    expect(found.input).toEqual([96, 96, 3]);
    expect(found.layers.at(-1).output).toEqual([1, 1, 2]);
  });

  it('takes a file in the place of a name', async () => {
    const file = written({ 'mine.onnx': onnxFile(onnxModels['a classifier as PyTorch writes it']!) });
    const found = JSON.parse(await output(() => cost([file], json)));
    expect(found).toMatchObject({
      network: 'mine',
      input: [8, 8, 3],
      parameters: 213,
      trainableParameters: 205,
    });
    await expect(cost([file], { ...plain, classes: 5 })).rejects.toThrow(/expected a file as it is/);
  });

  it.each([
    ['model.json', /^model\.json: found no such file/],
    ['model.onnx', /^model\.onnx: found no such file/],
    ['src', /^src: found a folder/],
    ['package.json', /^package\.json: .*expected "class_name" of a tfjs layers model/],
  ])('says what is wrong with the file %s', async (file, message) => {
    await expect(cost([file], plain)).rejects.toThrow(message);
  });

  it('suggests the nearest name', async () => {
    await expect(cost(['vg16'], plain)).rejects.toThrow(/did you mean "vgg16"\?/);
  });
});

describe('nonn tiles', () => {
  it('prints every tile with its work, and how much is done twice', async () => {
    const text = await output(() =>
      tiles(['yolov2'], { ...plain, input: 608, grid: [3, 3], fused: 16 } as GlobalOptions),
    );
    expect(text).toMatch(
      /^ +4 +\[149, 474, 149, 474\] +326x326 +\[13, 25, 13, 25\] +13x13 +2,768,827,904 +82\.0 %$/m,
    );
    expect(text).toContain('19,878,533,120 multiply-adds in all, 52.9 % more than undivided');
  });

  it('fuses 16 layers into 3x3 tiles where nothing else is asked for', async () => {
    const found = JSON.parse(await output(() => tiles(['yolov2'], json)));
    expect(found).toMatchObject({ network: 'yolov2', inputSize: 608, rows: 3, columns: 3, fusedLayers: 16 });
    expect(found.tiles).toHaveLength(9);
  });

  it.each([
    [{ fused: 18 }, /found 18 layers to fuse/],
    [{ grid: [39, 1] }, /found a grid of 39 rows over a map of 38/],
    [{ grid: [9999, 9999] }, /--grid: found 99980001 tiles, expected at most 10000/],
    [{ input: 33 }, /found 33x33, expected multiples of 32/],
  ])('refuses %j in a sentence', async (options, sentence) => {
    const attempt = tiles(['yolov2'], { ...plain, ...options } as GlobalOptions);
    await expect(attempt).rejects.toThrow(NonnError);
    await expect(attempt).rejects.toThrow(sentence);
  });
});
