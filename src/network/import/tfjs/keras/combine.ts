import type { Learned } from '../../assembly.js';
import { constantOf } from '../../constant.js';
import { dense, embedding } from '../../emit/matrix.js';
import { concat } from '../../emit/movement.js';
import { alongChannels, elementwise } from '../../emit/pixel.js';
import type { LayerImport, LayerReader } from '../layer-reader.js';
import { named } from './activation.js';

/** Layers that mix channels, normalise, or join several tensors. */
export const combineLayers: Readonly<Record<string, LayerImport>> = {
  Dense: (layer) => {
    const units = layer.number('units');
    const hasBias = layer.flag('use_bias', true);
    const bias = hasBias ? layer.weight('bias') : undefined;
    return named(
      layer,
      dense(layer.assembly, layer.name, layer.input, units, hasBias, layer.weight('kernel'), bias),
    );
  },
  Embedding: (layer) => {
    const [vocabulary, units] = [layer.number('input_dim'), layer.number('output_dim')];
    return embedding(layer.assembly, layer.name, layer.input, vocabulary, units, layer.weight('embeddings'));
  },
  BatchNormalization: (layer) => {
    const [scale, center] = [layer.flag('scale', true), layer.flag('center', true)];
    const epsilon = layer.number('epsilon', 1e-3);
    const learned: Learned | undefined = layer.weight('moving_mean') && {
      ...(scale && { gamma: layer.weight('gamma')! }),
      ...(center && { beta: layer.weight('beta')! }),
      movingMean: layer.weight('moving_mean')!,
      movingVariance: layer.weight('moving_variance')!,
    };
    const description = {
      kind: 'batchNorm',
      epsilon,
      ...(scale ? {} : { scale }),
      ...(center ? {} : { center }),
    } as const;
    return alongChannels(layer.assembly, layer.name, layer.input, axisOf(layer), description, learned);
  },
  LayerNormalization: (layer) => {
    const gamma = layer.weight('gamma');
    const axis = axisOf(layer);
    if (!layer.flag('scale', true) || !layer.flag('center', true))
      throw layer.wrong('no scale or no center', 'both');
    if (axis !== layer.input.dims.length - 1) throw layer.wrong(`axis ${axis}`, 'the last one');
    const description = { kind: 'layerNorm', epsilon: layer.number('epsilon', 1e-3) } as const;
    const learned = gamma && { gamma, beta: layer.weight('beta')! };
    return alongChannels(layer.assembly, layer.name, layer.input, axis, description, learned);
  },
  Add: (layer) => elementwise(layer.assembly, layer.name, 'add', several(layer)),
  Subtract: (layer) => elementwise(layer.assembly, layer.name, 'subtract', several(layer)),
  Multiply: (layer) => elementwise(layer.assembly, layer.name, 'multiply', several(layer)),
  Maximum: (layer) => elementwise(layer.assembly, layer.name, 'maximum', several(layer)),
  Minimum: (layer) => elementwise(layer.assembly, layer.name, 'minimum', several(layer)),
  Average: (layer) => {
    const inputs = several(layer);
    const sum = elementwise(layer.assembly, layer.name, 'add', inputs);
    const share = constantOf(layer.name, [], [1 / inputs.length]);
    return elementwise(layer.assembly, `${layer.name}/mean`, 'multiply', [sum, share]);
  },
  Concatenate: (layer) => {
    const inputs = several(layer);
    const axis = layer.axis(layer.number('axis', -1), inputs[0]!.dims.length);
    return concat(layer.assembly, layer.name, inputs, axis);
  },
};

function several(layer: LayerReader) {
  if (layer.inputs.length < 2) throw layer.wrong(`${layer.inputs.length} inputs`, 'two or more');
  return layer.inputs;
}

/** The axis of a normalisation, as a number or a list of one. */
function axisOf(layer: LayerReader): number {
  const [axis = -1, ...more] = layer.numbers('axis') ?? [];
  if (more.length > 0) throw layer.wrong(`${more.length + 1} axes`, 'one');
  return layer.axis(axis, layer.input.dims.length);
}
