import { asMap, reshape } from '../../arrange.js';
import { pad, slice } from '../../emit/movement.js';
import { permuted } from '../../value.js';
import type { LayerImport, LayerReader } from '../layer-reader.js';
import { checkFormat } from './window.js';

/** Layers that move numbers or change shapes, and those that do nothing after training. */
export const movementLayers: Readonly<Record<string, LayerImport>> = {
  Flatten: (layer) => {
    checkFormat(layer);
    const { dims } = layer.input;
    return reshape(layer.assembly, layer.input, [
      1,
      dims.slice(1).reduce((product, size) => product * size, 1),
    ]);
  },
  Reshape: (layer) => {
    const wanted = layer.numbers('target_shape') ?? [];
    const count = layer.input.dims.reduce((product, size) => product * size, 1);
    const known = wanted.reduce((product, size) => (size === -1 ? product : product * size), 1);
    return reshape(layer.assembly, layer.input, [
      1,
      ...wanted.map((size) => (size === -1 ? count / known : size)),
    ]);
  },
  Permute: (layer) => {
    const order = layer.numbers('dims') ?? [];
    const rank = layer.input.dims.length;
    if (
      [...order].sort((a, b) => a - b).some((axis, index) => axis !== index + 1) ||
      order.length !== rank - 1
    )
      throw layer.wrong(`dims ${order.join(', ')}`, `1 to ${rank - 1}, each once`);
    return permuted(layer.input, [0, ...order]);
  },
  ZeroPadding2D: (layer) => {
    const [rows, columns] = sides(layer, 'padding');
    return pad(layer.assembly, layer.name, layer.input, [[0, 0], rows, columns, [0, 0]], 'constant', 0);
  },
  Cropping2D: (layer) => {
    const cut = sides(layer, 'cropping');
    const part = ([before, after]: readonly [number, number], axis: number) => ({
      begin: before,
      size: layer.input.dims[axis]! - before - after,
      step: 1,
    });
    const parts = new Map([
      [1, part(cut[0], 1)],
      [2, part(cut[1], 2)],
    ]);
    return slice(layer.assembly, layer.name, layer.input, parts);
  },
  UpSampling2D: (layer) => {
    checkFormat(layer);
    const map = asMap(layer.assembly, layer.input);
    const factor = layer.pair('size', [2, 2]);
    const interpolation = layer.text('interpolation', 'nearest');
    if (interpolation === 'nearest')
      return layer.assembly.mapOf(
        layer.assembly.add(layer.name, { kind: 'upsample', factor, interpolation }, [map]),
        4,
      );
    if (interpolation !== 'bilinear')
      throw layer.wrong(`the interpolation "${interpolation}"`, 'nearest or bilinear');
    // tfjs takes the places of the origin, not of the pixels' centres as Keras does.
    const size = [map.shape[0] * factor[0], map.shape[1] * factor[1]] as const;
    const description = { kind: 'resize', size, interpolation, coordinates: 'asymmetric' } as const;
    return layer.assembly.mapOf(layer.assembly.add(layer.name, description, [map]), 4);
  },
  ...Object.fromEntries(
    [
      'Dropout',
      'SpatialDropout1D',
      'SpatialDropout2D',
      'GaussianDropout',
      'GaussianNoise',
      'AlphaDropout',
      'ActivityRegularization',
    ].map((name): [string, LayerImport] => [name, (layer) => layer.input]),
  ),
};

/** Counts before and after the rows and the columns: one number, two, or two pairs. */
function sides(
  layer: LayerReader,
  field: string,
): readonly [readonly [number, number], readonly [number, number]] {
  checkFormat(layer);
  const given = layer.config[field] ?? 1;
  const list: readonly unknown[] = Array.isArray(given) ? given : [given, given];
  const pairs = list.map((side: unknown) => (Array.isArray(side) ? side : [side, side]));
  const valid =
    pairs.length === 2 &&
    pairs.every(
      (pair) => pair.length === 2 && pair.every((count) => Number.isSafeInteger(count) && count >= 0),
    );
  if (!valid || layer.input.dims.length !== 4)
    throw layer.wrong(`${field} ${JSON.stringify(given)}`, 'counts for rows and columns of a map');
  return pairs as unknown as readonly [readonly [number, number], readonly [number, number]];
}
