import { describe, expect, it } from 'vitest';
import { NonnError } from '../../src/foundation/index.js';
import { units } from '../../src/kernel/index.js';
import { costOf, zooNames, zooNetwork } from '../../src/network/index.js';

const cost = (name: string, options = {}) => costOf(zooNetwork(name, options));

describe('the zoo has the published number of parameters', () => {
  // NoNN's authors' own counts: trainable, and with moving statistics.
  it.each([
    ['wrn-40-4', 8_955_050, 8_965_834],
    ['wrn-16-2', 692_810, 694_634],
    ['wrn-16-1', 175_626, 176_554],
  ])('%s: %i trainable, %i in all', (name, trainable, all) => {
    expect(cost(name)).toMatchObject({ trainableParameters: trainable, parameters: all });
  });

  // Without the convolutions' biases: the counts of Zagoruyko and Komodakis (table 1: 8.9 M, 36.5 M for 28-10).
  it.each([
    ['wrn-40-4', 8_949_210],
    ['wrn-28-10', 36_479_194],
  ])('%s is the original wide residual network plus one bias a filter', (name, original) => {
    const network = zooNetwork(name);
    const filters = network.layers.reduce(
      (sum, layer) => sum + (layer.kind === 'conv2d' ? layer.filters : 0),
      0,
    );
    expect(costOf(network).trainableParameters - filters).toBe(original);
  });

  it('vgg16: 138,357,544 (Keras applications), 138 M in the paper (table 2)', () => {
    expect(cost('vgg16').parameters).toBe(138_357_544);
  });

  // torchvision's `num_params` in the pages of its models: trainable parameters.
  it.each([
    ['vgg11', 132_863_336],
    ['resnet18', 11_689_512],
    ['resnet50', 25_557_032],
    ['squeezenet-1.1', 1_235_496],
    ['mobilenet-v2', 3_504_872],
  ])('%s: %i trainable (torchvision)', (name, trainable) => {
    expect(cost(name).trainableParameters).toBe(trainable);
  });

  it('mobilenet-v2: 3,538,984 in all (Keras applications)', () => {
    expect(cost('mobilenet-v2').parameters).toBe(3_538_984);
  });

  it('shufflenet-v1-g3: 1,865,728 trainable (osmr/imgclsmob, `shufflenet_g3_w1`)', () => {
    expect(cost('shufflenet-v1-g3').trainableParameters).toBe(1_865_728);
  });

  it('alexnet: 60,965,224, the 61 M of Caffe’s reference model with the paper’s two groups', () => {
    expect(cost('alexnet').parameters).toBe(60_965_224);
  });

  it('googlenet: 7.00 M without auxiliary classifiers (Captain1986/utils, table of classifiers, with 1.60 G)', () => {
    expect(cost('googlenet').parameters / 1e6).toBeCloseTo(7, 2);
  });

  it('channelnet-v1: 3.7 M, 11.9 % less than MobileNet (Gao et al., table 2 and section 4.3)', () => {
    const { trainableParameters } = cost('channelnet-v1');
    expect(trainableParameters / 1e6).toBeCloseTo(3.7, 1);
    expect(1 - trainableParameters / cost('mobilenet-v1').trainableParameters).toBeCloseTo(0.119, 1);
  });

  // MLPerf Tiny's reference models (mlcommons/tiny): keyword spotting and image classification, Keras' summary.
  it.each([
    ['ds-cnn-s', 24_908],
    ['resnet8', 78_666],
  ])('%s: %i (MLPerf Tiny)', (name, parameters) => {
    expect(cost(name).parameters).toBe(parameters);
  });

  // Keras' summary for width 1; the paper's table 6 says 4.2 M, and 0.5 M for width 0.25.
  it.each([
    ['mobilenet-v1', 4_253_864, 4_231_976],
    ['mobilenet-v1-0.25', 475_544, 470_072],
  ])('%s: %i in all, %i trainable', (name, all, trainable) => {
    expect(cost(name)).toMatchObject({ parameters: all, trainableParameters: trainable });
  });

  it('lenet5: 61,706', () => {
    expect(cost('lenet5').parameters).toBe(61_706);
  });

  // Size of darknet's weight files, less a header of 16 bytes, in float32: 203,934,260 and 202,704,260 bytes.
  it.each([
    [80, 203_934_260],
    [20, 202_704_260],
  ])('yolov2 with %i classes fills a weight file of %i bytes', (classes, bytes) => {
    expect(4 * cost('yolov2', { classes }).parameters + 16).toBe(bytes);
  });
});

describe('the zoo does the published work', () => {
  it('wrn-40-4: about 1.3 G multiply-adds', () => {
    expect(cost('wrn-40-4').macs / 1e9).toBeCloseTo(1.3, 1);
  });

  it('vgg16: 15.47 G multiply-adds at 224', () => {
    expect(cost('vgg16').macs).toBe(15_470_264_320);
  });

  // Howard et al., tables 4 and 6.
  it.each([
    ['mobilenet-v1', 569],
    ['mobilenet-v1-0.75', 325],
    ['mobilenet-v1-0.5', 149],
    ['mobilenet-v1-0.25', 41],
  ])('%s: %i M multiply-adds', (name, millions) => {
    expect(Math.abs(cost(name).macs / 1e6 - millions)).toBeLessThanOrEqual(1);
  });

  // Sandler et al. (300 M), and the table of widths in the authors' code (tensorflow/models, slim/nets/mobilenet).
  it.each([
    ['mobilenet-v2', 300],
    ['mobilenet-v2-0.75', 209],
    ['mobilenet-v2-0.5', 97],
    ['mobilenet-v2-0.35', 59],
    ['mobilenet-v2-1.4', 582],
  ])('%s: %i M multiply-adds', (name, millions) => {
    expect(Math.abs(cost(name).macs / 1e6 - millions)).toBeLessThanOrEqual(1);
  });

  // torchvision's `GFLOPS` in the pages of its models, at 224: multiply-adds.
  it.each([
    ['vgg11', 7.61],
    ['resnet18', 1.81],
    ['resnet50', 4.09],
    ['squeezenet-1.1', 0.35],
  ])('%s: %d G multiply-adds at 224', (name, billions) => {
    expect(cost(name, { input: 224 }).macs / 1e9).toBeCloseTo(billions, 2);
  });

  it('shufflenet-v1-g3: 137 M multiply-adds (Zhang et al., table 1)', () => {
    expect(cost('shufflenet-v1-g3').macs / 1e6).toBeCloseTo(137, 0);
  });

  it('googlenet: 1.5 to 1.6 G multiply-adds (Szegedy et al., section 5: 1.5 billion; albanie/convnet-burden: 1.6)', () => {
    const { macs } = cost('googlenet');
    expect(macs / 1e9).toBeGreaterThan(1.5);
    expect(macs / 1e9).toBeLessThan(1.6);
  });

  it('alexnet: 0.72 G multiply-adds (albanie/convnet-burden: 724 to 727 MFLOPs)', () => {
    expect(cost('alexnet').macs / 1e6).toBeCloseTo(724, 0);
  });

  // Zhang et al., "Hello Edge", table 5, in operations: two for a multiply-add.
  it.each([
    ['ds-cnn-s', 5.4],
    ['ds-cnn-m', 19.8],
    ['ds-cnn-l', 56.9],
  ])('%s: %d M operations', (name, millions) => {
    expect(Math.abs((2 * cost(name).macs) / 1e6 / millions - 1)).toBeLessThan(0.02);
  });

  it('resnet8: 12.5 M multiply-adds (MLPerf Tiny)', () => {
    expect(cost('resnet8').macs / 1e6).toBeCloseTo(12.5, 1);
  });

  // Each of the seven convolutions of width W: 4.72 M at W = 16 on 32x32 pixels, the first 3/64 of that more; the last dense layer.
  it('resnet9-16: 24.0 M multiply-adds and 413 k parameters; resnet9-32: 95.3 M and 1.65 M (closed form)', () => {
    for (const width of [16, 32]) {
      const { macs, trainableParameters } = cost(`resnet9-${width}`);
      const square = 9 * width * width;
      expect(macs).toBe(1024 * 9 * 3 * width + 1024 * 2 * square * 5 + 80 * width);
      const normalised = 2 * (width + 3 * 2 * width + 4 * width + 3 * 8 * width);
      expect(trainableParameters).toBe(
        27 * width + square * (2 + 8 + 8 + 32 + 128) + normalised + 80 * width + 10,
      );
    }
    expect(cost('resnet9-16').macs / 1e6).toBeCloseTo(24.0, 1);
    expect(cost('resnet9-32').trainableParameters / 1e6).toBeCloseTo(1.65, 2);
  });

  // Windows of 25, 9 and 9 taps on 28x28, 14x14 and 7x7 pixels; scale and offset of 8 W filters; 4 W means to ten classes.
  it('cnn-16: 3.0 M multiply-adds and 35.9 k parameters; cnn-4: 0.25 M and 2.5 k (closed form)', () => {
    for (const width of [4, 16]) {
      const { macs, trainableParameters } = cost(`cnn-${width}`);
      const [second, third] = [9 * 3 * width ** 2, 9 * 12 * width ** 2];
      expect(macs).toBe(784 * 25 * width + 196 * second + 49 * third + 40 * width);
      expect(trainableParameters).toBe(25 * width + second + third + 16 * width + 40 * width + 10);
    }
    expect(cost('cnn-16').macs / 1e6).toBeCloseTo(3.0, 1);
    expect(cost('cnn-4').trainableParameters / 1e3).toBeCloseTo(2.5, 1);
  });

  it('yolov2: 62.94 billion operations at 608 (the table on the authors’ page; darknet counts convolutions)', () => {
    expect((2 * cost('yolov2').macs) / 1e9).toBeCloseTo(62.94, 2);
  });
});

describe('yolov2', () => {
  it('starts with the 16 layers that DeepThings fuses: 12 convolutions and 4 pools', () => {
    const kinds = units(zooNetwork('yolov2'))
      .slice(1, 17)
      .map((unit) => unit.anchor.kind);
    const expected = 'CPCPCCCPCCCPCCCC'.split('').map((letter) => (letter === 'C' ? 'conv2d' : 'maxPool'));
    expect(kinds).toEqual(expected);
  });

  it('fuses normalisation and leaky ReLU into each of its 23 convolutions but the last', () => {
    const convolutions = units(zooNetwork('yolov2')).filter((unit) => unit.anchor.kind === 'conv2d');
    expect(convolutions).toHaveLength(23);
    expect(convolutions.map((unit) => unit.layers.length)).toEqual([...Array(22).fill(3), 1]);
  });

  it('joins 256 passed-through channels to 1024, and ends in 425 or, for VOC, 125 filters', () => {
    expect(zooNetwork('yolov2').shapes.get('route')).toEqual([19, 19, 1280]);
    expect(cost('yolov2').layers.at(-1)!.output).toEqual([19, 19, 425]);
    expect(cost('yolov2', { classes: 20, input: 416 }).layers.at(-1)!.output).toEqual([13, 13, 125]);
  });

  it('refuses an input that five pools do not divide', () => {
    expect(() => zooNetwork('yolov2', { input: 600 })).toThrow(
      'network yolov2: input: found 600x600, expected multiples of 32, since five pools halve the map',
    );
  });
});

describe('a zoo name', () => {
  it.each(zooNames())('%s builds with its defaults, and carries its name', (name) => {
    expect(zooNetwork(name).id).toBe(name);
  });

  it.each([
    ['wrn-40-4', [32, 32, 3], 10],
    ['lenet5', [28, 28, 1], 10],
    ['knowledgenet-mnist', [28, 28, 1], 10],
    ['mobilenet-v1', [224, 224, 3], 1000],
    ['vgg16', [224, 224, 3], 1000],
    ['vgg11', [224, 224, 3], 1000],
    ['resnet18', [224, 224, 3], 1000],
    ['resnet50', [224, 224, 3], 1000],
    ['mobilenet-v2-0.25', [224, 224, 3], 1000],
    ['squeezenet-1.1', [227, 227, 3], 1000],
    ['shufflenet-v1-g3', [224, 224, 3], 1000],
    ['googlenet', [224, 224, 3], 1000],
    ['alexnet', [227, 227, 3], 1000],
    ['channelnet-v1', [224, 224, 3], 1000],
    ['ds-cnn-s', [49, 10, 1], 12],
    ['ds-cnn-m', [49, 10, 1], 12],
    ['ds-cnn-l', [49, 10, 1], 12],
    ['resnet8', [32, 32, 3], 10],
    ['resnet9-16', [32, 32, 3], 10],
    ['cnn-16', [28, 28, 1], 10],
  ])('%s takes %j and gives %i classes', (name, input, classes) => {
    const found = cost(name);
    expect(found.input).toEqual(input);
    expect(found.layers.at(-1)!.output).toEqual([1, 1, classes]);
  });

  it('takes another input and other classes', () => {
    const found = cost('mobilenet-v1-0.25', { input: [96, 128, 1], classes: 2 });
    expect(found.input).toEqual([96, 128, 1]);
    expect(found.layers.at(-1)!.output).toEqual([1, 1, 2]);
    expect(cost('wrn-16-1', { input: 64 }).input).toEqual([64, 64, 3]);
  });

  it.each([
    [
      'wrn-17-1',
      'network wrn-17-1: found a depth of 17, expected 6n + 4, such as 16 or 22 (did you mean "wrn-16-1"?)',
    ],
    [
      'wrn-4-1',
      'network wrn-4-1: found a depth of 4, expected 6n + 4, such as 10 or 16 (did you mean "wrn-10-1"?)',
    ],
    ['wrn-16-0', 'network wrn-16-0: found a width of 0, expected 1 to 1000'],
    ['mobilenet-v1-0', 'network mobilenet-v1-0: found a width of 0, expected 0.05 to 4'],
    ['mobilenet-v2-9', 'network mobilenet-v2-9: found a width of 9, expected 0.05 to 4'],
    [
      'yolo2',
      'found the network "yolo2", expected one of wrn-D-K (D = 6n + 4), lenet5, knowledgenet-mnist, mobilenet-v1, mobilenet-v1-W (width W), mobilenet-v2, mobilenet-v2-W (width W), yolov2, vgg11, vgg16, resnet18, resnet50, squeezenet-1.1, shufflenet-v1-g3, googlenet, alexnet, channelnet-v1, ds-cnn-s, ds-cnn-m, ds-cnn-l, resnet8, resnet9-W, cnn-W (did you mean "yolov2"?)',
    ],
  ])('that is wrong (%s) is answered in a sentence', (name, sentence) => {
    expect(() => zooNetwork(name)).toThrow(new NonnError(sentence));
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %d classes', (classes) => {
    expect(() => zooNetwork('lenet5', { classes })).toThrow(
      /network lenet5: classes: found .*, expected a whole number above 0/,
    );
  });

  it('refuses an input that is too small for the layers', () => {
    expect(() => zooNetwork('lenet5', { input: 4 })).toThrow(NonnError);
  });
});
