import { describe, expect, it } from 'vitest';
import { NonnError } from '../../src/foundation/index.js';
import { type Layer, NetworkBuilder, network } from '../../src/network/index.js';

const input: Layer = { kind: 'input', id: 'x', inputs: [], shape: [4, 4, 1] };
const relu = (id: string, ...inputs: string[]): Layer => ({
  kind: 'activation',
  id,
  inputs,
  function: 'relu',
});
const sum = (id: string, ...inputs: string[]): Layer => ({ kind: 'add', id, inputs });

describe('a graph that cannot be is answered in a sentence', () => {
  it.each<[string, Layer[], string, string]>([
    [
      'a repeated name',
      [input, relu('a', 'x'), relu('a', 'x')],
      'a',
      'network n: found two layers named "a", expected unique names',
    ],
    [
      'an unknown input',
      [input, relu('first', 'x'), relu('b', 'frist')],
      'b',
      'network n: found a reference to "frist", expected the name of a layer (did you mean "first"?)',
    ],
    [
      'an unknown output',
      [input, relu('logits', 'x')],
      'logit',
      'network n: found a reference to "logit", expected the name of a layer (did you mean "logits"?)',
    ],
    [
      'a cycle',
      [input, sum('a', 'x', 'b'), relu('b', 'a')],
      'b',
      'network n: found a cycle through layer "a", expected a graph without cycles',
    ],
    [
      'a layer that reads itself',
      [input, sum('a', 'x', 'a')],
      'a',
      'network n: found a cycle through layer "a", expected a graph without cycles',
    ],
    ['a layer without inputs', [input, relu('a')], 'a', 'network n: layer a: found no input, expected one'],
    [
      'an empty input',
      [{ kind: 'input', id: 'x', inputs: [], shape: [0, 4, 1] }],
      'x',
      'network n: layer x: found an output of 0x4x1, expected whole numbers above 0',
    ],
  ])('%s', (_, layers, output, sentence) => {
    expect(() => network('n', layers, output)).toThrow(new NonnError(sentence));
  });

  const build = (add: (b: NetworkBuilder, x: string) => string) => () => {
    const b = new NetworkBuilder('n');
    return b.build(add(b, b.input([4, 6, 3])));
  };

  it.each<[string, (b: NetworkBuilder, x: string) => string, string]>([
    [
      'a sum of different shapes',
      (b, x) => b.sum([x, b.conv2d(x, { filters: 2, kernel: 1 })], 'sum'),
      'layer sum: found inputs of 4x6x3 and 4x6x2, expected equal shapes, or 1 where one is repeated',
    ],
    [
      'a concatenation of different sizes',
      (b, x) => b.concat([x, b.maxPool(x, { kernel: 2 })], 'join'),
      'layer join: found inputs of 4x6x3 and 2x3x3, expected equal heights and widths',
    ],
    [
      'a window larger than its input',
      (b, x) => b.conv2d(x, { filters: 1, kernel: 5, padding: 'valid', name: 'c' }),
      "layer c: found an input of height 4, expected at least the window's height 5",
    ],
    [
      'groups that do not divide',
      (b, x) => b.conv2d(x, { filters: 4, kernel: 1, groups: 2, name: 'c' }),
      'layer c: found 2 groups for 3 channels and 4 filters, expected a divisor of both',
    ],
    [
      'a block that does not divide',
      (b, x) => b.spaceToDepth(x, 4, 'r'),
      'layer r: found a map of 4x6, expected multiples of 4',
    ],
    [
      'a stride of nothing',
      (b, x) => b.conv2d(x, { filters: 1, kernel: 3, stride: 0, name: 'c' }),
      'layer c: found a window of height 3 and stride 0, expected whole numbers above 0',
    ],
    [
      'padding that a window may lie in alone',
      (b, x) => b.maxPool(x, { kernel: 2, padding: { top: 0, bottom: 2, left: 0, right: 0 }, name: 'p' }),
      "layer p: found a padding of 2, expected a whole number below the window's height 2",
    ],
    [
      'no filters',
      (b, x) => b.conv2d(x, { filters: 0, kernel: 1, name: 'c' }),
      'network n: layer c: found an output of 4x6x0, expected whole numbers above 0',
    ],
  ])('%s', (_, add, sentence) => {
    expect(build(add)).toThrow(new NonnError(sentence));
  });
});

describe('a graph', () => {
  it('is sorted so that each layer comes after its inputs, and knows who reads it', () => {
    const found = network('n', [sum('c', 'b', 'x'), relu('b', 'a'), relu('a', 'x'), input], 'c');
    expect(found.layers.map((layer) => layer.id)).toEqual(['x', 'a', 'b', 'c']);
    expect(found.consumers.get('x')).toEqual(['c', 'a'].sort());
    expect(found.inputs).toEqual(['x']);
  });

  it('may be thousands of layers deep', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) =>
      relu(`r${index}`, index === 0 ? 'x' : `r${index - 1}`),
    );
    expect(network('deep', [...chain.reverse(), input], 'r19999').layers).toHaveLength(20_001);
  });
});
