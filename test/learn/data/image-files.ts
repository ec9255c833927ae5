import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import jpeg from 'jpeg-js';
import { packTar } from 'modern-tar';
import { PNG } from 'pngjs';

/** Files of a folder or archive: content by path; null for a folder without files. */
export type Files = Readonly<Record<string, Uint8Array | null>>;

/** A PNG of a plain colour, or of a plain grey. */
export function png(width: number, height: number, colour: readonly number[]): Buffer {
  const image = new PNG({ width, height });
  const [red, green = red, blue = red] = colour;
  for (let at = 0; at < image.data.length; at += 4) image.data.set([red!, green!, blue!, 255], at);
  return PNG.sync.write(image, { colorType: colour.length === 1 ? 0 : 2 });
}

/** A JPEG of a plain colour. */
export function jpg(width: number, height: number, [red, green, blue]: readonly number[]): Buffer {
  const data = Buffer.alloc(width * height * 4);
  for (let at = 0; at < data.length; at += 4) data.set([red!, green!, blue!, 255], at);
  return jpeg.encode({ width, height, data }, 95).data;
}

/** Two classes of PNG images of 4x3, `count` a class for training and one for testing, each of its own colour. */
export function twoClasses(count: number): Record<string, Uint8Array | null> {
  const files: Record<string, Uint8Array | null> = {};
  for (const [label, name] of ['cat', 'dog'].entries()) {
    for (let index = 0; index < count; index++)
      files[`train/${name}/${String(index).padStart(3, '0')}.png`] = png(4, 3, [label * 100, index, 7]);
    files[`test/${name}/000.png`] = png(4, 3, [label * 100, 200, 7]);
  }
  return files;
}

/** Writes files below a folder. */
export function writeFolder(root: string, files: Files): string {
  for (const [path, content] of Object.entries(files)) {
    const full = join(root, path);
    mkdirSync(content === null ? full : dirname(full), { recursive: true });
    if (content !== null) writeFileSync(full, content);
  }
  return root;
}

/** The bytes of a .tar archive of files. */
export async function tar(files: Files): Promise<Uint8Array> {
  return await packTar(
    Object.entries(files).map(([name, data]) =>
      data === null
        ? { header: { name, size: 0, type: 'directory' } }
        : { header: { name, size: data.length, type: 'file' }, data: Uint8Array.from(data) },
    ),
  );
}
