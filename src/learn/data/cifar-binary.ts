import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { complain, readBytes, readText } from '../../foundation/index.js';
import type { DecodedParts } from './decode-parts.js';
import type { ImageSet } from './image-set.js';

/** The two forms of https://www.cs.toronto.edu/~kriz/cifar.html, "binary version". */
const FORMS = [
  {
    inside: 'cifar-10-batches-bin',
    train: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
    test: ['test_batch.bin'],
    names: 'batches.meta.txt',
    classes: 10,
    labelBytes: 1,
  },
  {
    inside: 'cifar-100-binary',
    train: ['train.bin'],
    test: ['test.bin'],
    names: 'fine_label_names.txt',
    classes: 100,
    // The coarse label, and then the fine one, which is read.
    labelBytes: 2,
  },
] as const;

type Form = (typeof FORMS)[number];

const [HEIGHT, WIDTH, CHANNELS] = [32, 32, 3];
const PLANE = HEIGHT * WIDTH;

/** The form and folder of CIFAR-10's or CIFAR-100's binary batches at a place, or null. */
export function cifarBinary(folder: string): (() => DecodedParts) | null {
  for (const form of FORMS)
    for (const place of [folder, join(folder, form.inside)])
      if (existsSync(join(place, form.test[0]!))) return () => read(place, form);
  return null;
}

/** Labels keep the authors' order. */
function read(folder: string, form: Form): DecodedParts {
  const classes = classNames(join(folder, form.names), form.classes);
  const part = (files: readonly string[]) => batchesOf(folder, files, form, classes);
  return { train: part(form.train), test: part(form.test) };
}

function classNames(file: string, count: number): string[] {
  const names = readText(file)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (names.length !== count || new Set(names).size !== count)
    throw complain({ file, found: `${new Set(names).size} names of classes`, expected: `${count}` });
  return names;
}

function batchesOf(
  folder: string,
  files: readonly string[],
  { labelBytes, classes: classCount }: Form,
  classes: readonly string[],
): ImageSet {
  const record = labelBytes + CHANNELS * PLANE;
  const batches = files.map((name) => {
    const file = join(folder, name);
    const bytes = readBytes(file);
    if (bytes.length === 0 || bytes.length % record !== 0)
      throw complain({ file, found: `${bytes.length} bytes`, expected: `images of ${record} bytes each` });
    return { file, bytes };
  });
  const count = batches.reduce((sum, { bytes }) => sum + bytes.length / record, 0);
  const images = new Uint8Array(count * CHANNELS * PLANE);
  const labels = new Uint8Array(count);
  let image = 0;
  for (const { file, bytes } of batches)
    for (let at = 0; at < bytes.length; at += record, image++) {
      const label = bytes[at + labelBytes - 1]!;
      if (label >= classCount)
        throw complain({
          file,
          path: `image ${at / record}`,
          found: `the label ${label}`,
          expected: `one below ${classCount}`,
        });
      labels[image] = label;
      // The file has a plane a colour, a set has the colours of a pixel together.
      let to = image * CHANNELS * PLANE;
      for (let pixel = at + labelBytes; pixel < at + labelBytes + PLANE; pixel++)
        for (let channel = 0; channel < CHANNELS; channel++) images[to++] = bytes[pixel + channel * PLANE]!;
    }
  return { classes, shape: [HEIGHT, WIDTH, CHANNELS], images, labels };
}
