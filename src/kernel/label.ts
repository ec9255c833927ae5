/**
 * A kernel's key as a person reads it: `conv2d 34x34x16 → 32x32x32, 3x3/1`. Several kernels may share a label, which
 * leaves out padding, bias and activation; text that is no key comes back as it is.
 */
export function kernelLabel(key: string): string {
  const parts = /^(\w+)\((.*)\)$/.exec(key);
  if (parts === null) return key;
  const [, family, fields] = parts;
  const shape = new Map(fields!.split(',').map((field) => field.split('=') as [string, string]));
  const of = (...names: string[]) => names.map((name) => shape.get(name) ?? '1').join('x');
  if (family === 'dense') return `dense ${of('inputs')} → ${of('units')}`;
  if (!shape.has('kernelHeight')) return `${family} ${of('height', 'width', 'channels')}`;
  const out = shape.has('filters') ? of('outHeight', 'outWidth', 'filters') : of('outHeight', 'outWidth');
  const groups = shape.get('groups') ?? '1';
  const window = `${of('kernelHeight', 'kernelWidth')}/${of('strideHeight')}`;
  return `${family} ${of('height', 'width', 'channels')} → ${out}, ${window}${groups === '1' ? '' : `, ${groups} groups`}`;
}
