import { statSync } from 'node:fs';
import { join } from 'node:path';
import { complain, readBytes, readFolder } from '../../foundation/index.js';
import { type ImageFile, type ImageListing, LARGEST_IMAGE_BYTES, placeOf } from './image-file.js';

/**
 * The images below a folder, as `train/<class>/*` and `test/<class>/*`.
 * @throws NonnError where a folder cannot be read or an image lies outside a class folder.
 */
export function listFolder(root: string): ImageListing {
  const files: ImageFile[] = [];
  const folders: string[] = [];

  const visit = (steps: readonly string[]): void => {
    for (const entry of readFolder(join(root, ...steps))) {
      // Another system may hand out the same name in another normal form of Unicode.
      const inside = [...steps, entry.name];
      const path = inside.join('/').normalize('NFC');
      const full = join(root, ...inside);
      const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && linksTo(full) === 'folder');
      const isFile = entry.isFile() || (entry.isSymbolicLink() && linksTo(full) === 'file');
      if (!isFolder && !isFile) continue;
      const place = placeOf(path.split('/'), isFolder);
      if (
        isFolder &&
        (inside.length === 1 ? entry.name === 'train' || entry.name === 'test' : inside.length < 5)
      )
        visit(inside);
      if (place?.kind === 'folder') folders.push(place.path);
      if (place?.kind === 'misplaced') throw misplaced(root, path);
      if (place?.kind === 'image')
        files.push({
          split: place.split,
          className: place.className,
          path,
          read: () => readBytes(full, LARGEST_IMAGE_BYTES),
        });
    }
  };
  visit([]);
  return { files, folders };
}

/** The complaint about an image that belongs to no class. */
export function misplaced(root: string, path: string) {
  return complain({
    file: root,
    found: `the image "${path}"`,
    expected: 'images in train/<class>/ and test/<class>/ only',
  });
}

function linksTo(path: string): 'file' | 'folder' | null {
  const status = statSync(path, { throwIfNoEntry: false });
  return status?.isFile() ? 'file' : status?.isDirectory() ? 'folder' : null;
}
