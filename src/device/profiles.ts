import { readdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { complain, nearest, parseDocument, readDocument } from '../foundation/index.js';
import { type DeviceProfile, profileSchema } from './profile.js';

/** The package's own profiles; the same two steps up from the sources and from the compiled files. */
export const profileFolder = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', 'device-profiles');

const loaded = new Map<string, DeviceProfile>();

/** Names of the profiles that come with nonn, in ascending order. */
export function profileNames(): readonly string[] {
  return readdirSync(profileFolder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => entry.name.slice(0, -'.json'.length))
    .sort();
}

/**
 * Reads a profile: a name from `device-profiles/`, or a file (whatever holds a separator or ends in `.json`).
 * @param folder what a relative file path starts from; the working directory where it is left out.
 * @param where file and JSON path that name the profile, for the error.
 * @throws NonnError if there is no such profile, with the nearest name, or if it is not valid.
 */
export function loadProfile(
  nameOrFile: string,
  folder = '.',
  where: { readonly file?: string; readonly path?: string } = {},
): DeviceProfile {
  if (/[\\/]|\.json$/.test(nameOrFile)) return readDocument(resolve(folder, nameOrFile), profileSchema);
  const known = loaded.get(nameOrFile);
  if (known !== undefined) return known;
  const names = profileNames();
  if (!names.includes(nameOrFile))
    throw complain({
      ...where,
      found: `the unknown device profile "${nameOrFile}"`,
      expected: `a file or one of ${names.join(', ')}`,
      suggestion: nearest(nameOrFile, names),
    });
  const profile = readDocument(resolve(profileFolder, `${nameOrFile}.json`), profileSchema);
  loaded.set(nameOrFile, profile);
  return profile;
}

/** Checks plain data as a profile; `file` names where it came from in errors. */
export function parseProfile(data: unknown, file: string): DeviceProfile {
  return parseDocument(data, profileSchema, file);
}
