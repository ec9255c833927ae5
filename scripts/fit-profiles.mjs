/* What the fits of published latencies share: they change profiles and write a page of their errors. */
import { join } from 'node:path';
import { profileSchema } from '../dist/device/index.js';
import { documentText, parseDocument, readJson, writeAtomically } from '../dist/foundation/index.js';
import { root } from './steps.mjs';

/** The file of a table that profiles are fitted to. */
export function tableFile(name) {
  return join(root, 'device-profiles', 'fit', name);
}

/** Writes a profile with the sections that `change` returns of it; all else is written by hand, and kept. */
export function changeProfile(name, change) {
  const file = join(root, 'device-profiles', `${name}.json`);
  const profile = readJson(file);
  Object.assign(profile, change(profile));
  parseDocument(profile, profileSchema, file);
  writeAtomically(file, documentText(profile));
}

/** Prints the table of left-out errors, and writes it to a page of docs/. */
export function writeErrors(page, errors) {
  writeAtomically(join(root, 'docs', page), errors);
  console.log(errors);
}
