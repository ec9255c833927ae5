/** Writes a line (or several) of the result to stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes the result of `--json`: one object on stdout. */
export function printJson(result: object): void {
  print(JSON.stringify(result, null, 2));
}

/** Writes a remark to stderr, unless `--quiet`. */
export function note(text: string, options: { readonly quiet: boolean }): void {
  if (!options.quiet) process.stderr.write(`${text}\n`);
}
