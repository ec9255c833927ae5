import { complain } from '../../foundation/index.js';
import { byText, type ImageListing } from './image-file.js';

/** Labels are kept in one byte. */
const MOST_CLASSES = 256;

/**
 * The names of the classes, sorted.
 * @throws NonnError where a part is missing, a class has no image, or train and test have unlike classes.
 */
export function checkClassFolders(file: string, { files, folders }: ImageListing): string[] {
  const filled = new Set(files.map((image) => `${image.split}/${image.className}`));
  const all = [...new Set([...folders, ...filled])].sort(byText);
  const classesOf = (split: 'train' | 'test') =>
    all.filter((path) => path.startsWith(`${split}/`)).map((path) => path.slice(split.length + 1));
  const [train, test] = [classesOf('train'), classesOf('test')];
  for (const [split, names] of [
    ['train', train],
    ['test', test],
  ] as const)
    if (names.length === 0)
      throw complain({
        file,
        found: `no folder "${split}" with classes`,
        expected: `JPEG or PNG images in train/<class>/ and test/<class>/`,
      });
  const empty = all.find((path) => !filled.has(path));
  if (empty !== undefined)
    throw complain({ file, found: `no image in "${empty}"`, expected: 'at least one of each class' });
  const alone = train.find((name) => !test.includes(name)) ?? test.find((name) => !train.includes(name));
  if (alone !== undefined) {
    const [has, lacks] = train.includes(alone) ? ['train', 'test'] : ['test', 'train'];
    throw complain({
      file,
      found: `the class "${alone}" in ${has} only`,
      expected: `the same classes in ${lacks}`,
    });
  }
  if (train.length < 2 || train.length > MOST_CLASSES)
    throw complain({
      file,
      found: `${train.length} ${train.length === 1 ? 'class' : 'classes'}`,
      expected: `2 to ${MOST_CLASSES}`,
    });
  return train;
}
