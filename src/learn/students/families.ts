import { complain, nearest, show } from '../../foundation/index.js';

/** Bodies of students that differ in depth or width only; each a network of the zoo, by name. */
export interface StudentFamily {
  readonly name: string;
  readonly members: readonly string[];
}

const across = (depths: readonly number[], widths: readonly number[]) =>
  depths.flatMap((depth) => widths.map((width) => `wrn-${depth}-${width}`));

/**
 * Families of student bodies. NoNN's authors take WRN-16-1, WRN-16-2 and MobileNet V2 x0.25 among others; depths and widths
 * around them give every budget something of its own.
 */
export const studentFamilies: readonly StudentFamily[] = [
  { name: 'wrn', members: across([10, 16, 22, 28, 40], [1, 2, 3, 4, 6, 8]) },
  {
    name: 'mobilenet-v2',
    members: [0.1, 0.25, 0.35, 0.5, 0.75, 1, 1.4].map((width) =>
      width === 1 ? 'mobilenet-v2' : `mobilenet-v2-${width}`,
    ),
  },
  { name: 'resnet8', members: ['resnet8'] },
  { name: 'resnet9', members: [2, 4, 6, 8, 12, 16, 20, 24, 32, 48, 64].map((width) => `resnet9-${width}`) },
  { name: 'cnn', members: [4, 8, 12, 16, 24, 32, 48, 64].map((width) => `cnn-${width}`) },
];

/**
 * The families of these names, all where none is named.
 * @throws NonnError for an unknown name.
 */
export function familiesOf(names: readonly string[] | undefined): readonly StudentFamily[] {
  if (names === undefined) return studentFamilies;
  return names.map((name) => {
    const family = studentFamilies.find((one) => one.name === name);
    if (family !== undefined) return family;
    const all = studentFamilies.map((one) => one.name);
    throw complain({
      file: 'student families',
      found: show(name),
      expected: `one of ${all.join(', ')}`,
      suggestion: nearest(name, all),
    });
  });
}
