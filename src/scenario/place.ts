import { type Stats, statSync } from 'node:fs';

/** Whether there is a folder at a path; a path that no system has leads nowhere. */
export function isFolder(path: string): boolean {
  return statusOf(path)?.isDirectory() === true;
}

/** Whether there is a file at a path. */
export function isFile(path: string): boolean {
  return statusOf(path)?.isFile() === true;
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
