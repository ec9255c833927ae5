import { asMap } from '../../arrange.js';
import type { NodeReader, Operand, OperatorImport } from '../../graph/node.js';

/** Changes of size. */
export const resizeOperators: Readonly<Record<string, OperatorImport>> = {
  // Version 10 has scales as its second input, later ones a region of interest, scales and sizes.
  Resize: (node) =>
    node.opset < 11
      ? resized(node, node.list(1, 'scales'), undefined)
      : resized(node, node.list(2, ''), node.list(3, '')),
  Upsample: (node) => resized(node, node.list(1, 'scales'), undefined),
};

function resized(
  node: NodeReader,
  scales: readonly number[] | undefined,
  sizes: readonly number[] | undefined,
): Operand {
  const { assembly, name } = node;
  const value = node.value(0);
  const rank = value.dims.length;
  if (rank !== 4) throw node.wrong(`a tensor of ${rank} axes`, '4: a batch of maps');
  const wanted =
    sizes?.length === rank
      ? sizes
      : value.dims.map((size, axis) => Math.floor(size * (scales?.[axis] ?? Number.NaN)));
  if (wanted[1] !== value.dims[1] || !(wanted[2]! > 0 && wanted[3]! > 0))
    throw node.wrong(`sizes ${wanted.join('x')} for ${value.dims.join('x')}`, 'another height and width');
  const map = asMap(assembly, value);
  const interpolation = interpolationOf(node);
  const coordinates = node.text(
    'coordinate_transformation_mode',
    node.opset < 11 ? 'asymmetric' : 'half_pixel',
  );
  const [height, width] = [wanted[2]!, wanted[3]!];
  const factor = [height / map.shape[0], width / map.shape[1]] as const;
  // Places follow from the scale that is given, not from the sizes that it is rounded to.
  const scale = sizes?.length === rank ? factor : [scales?.[2], scales?.[3]];
  if (coordinates !== 'align_corners' && factor.some((one, axis) => Math.abs(one - scale[axis]!) > 1e-6))
    throw node.wrong(
      `scales ${scale.join(' and ')} for ${map.shape[0]}x${map.shape[1]}`,
      'scales that give whole sizes',
    );
  const whole = factor.every((one) => Number.isInteger(one));
  const halves = coordinates === 'half_pixel' || coordinates === 'pytorch_half_pixel';
  if (
    whole &&
    (interpolation === 'bilinear'
      ? halves
      : coordinates !== 'align_corners' && nearestRepeats(node, coordinates))
  )
    return assembly.mapOf(assembly.add(name, { kind: 'upsample', factor, interpolation }, [map]), 4);
  const known = {
    half_pixel: 'halfPixel',
    pytorch_half_pixel: 'halfPixel',
    align_corners: 'alignCorners',
    asymmetric: 'asymmetric',
  } as const;
  const place = known[coordinates as keyof typeof known];
  if (place === undefined)
    throw node.wrong(`coordinates ${coordinates}`, `one of ${Object.keys(known).join(', ')}`);
  // Nearest neighbours are only exact where the pixel below is taken from the origin.
  if (
    interpolation === 'nearest' &&
    (place !== 'asymmetric' || node.text('nearest_mode', 'round_prefer_floor') !== 'floor') &&
    node.opset >= 11
  )
    throw node.wrong(
      `nearest_mode ${node.text('nearest_mode', 'round_prefer_floor')} with ${coordinates} for a factor of ${factor.join('x')}`,
      'whole factors, or floor with asymmetric',
    );
  return assembly.mapOf(
    assembly.add(name, { kind: 'resize', size: [height, width], interpolation, coordinates: place }, [map]),
    4,
  );
}

/** Whether enlarging by a whole factor repeats each pixel as often: with the pixel below from the origin, or the nearest centre. */
function nearestRepeats(node: NodeReader, coordinates: string): boolean {
  const mode = node.text('nearest_mode', node.opset < 11 ? 'floor' : 'round_prefer_floor');
  return coordinates === 'asymmetric' ? mode === 'floor' : mode.startsWith('round_prefer');
}

function interpolationOf(node: NodeReader): 'nearest' | 'bilinear' {
  const mode = node.text('mode', 'nearest');
  if (mode === 'nearest') return 'nearest';
  if (mode === 'linear' || mode === 'bilinear') return 'bilinear';
  throw node.wrong(`mode ${mode}`, 'nearest or linear');
}
