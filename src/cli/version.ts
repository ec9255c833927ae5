import { readFileSync } from 'node:fs';
import { print } from './output.js';

/** Prints the version of the package that this file is part of. */
export function printVersion(): void {
  const file = new URL('../../package.json', import.meta.url);
  print((JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version);
}
