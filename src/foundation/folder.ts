import { type Dirent, readdirSync } from 'node:fs';
import { complain } from './error.js';

/** What stands in a folder, in the order of the file system. @throws NonnError if it cannot be read. */
export function readFolder(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw complain({
      file: folder,
      found: `an unreadable folder (${(error as NodeJS.ErrnoException).code})`,
      expected: 'a folder that can be read',
    });
  }
}
