/** Exit codes of the command: 1 a check failed, 2 wrong usage or input, 3 inconclusive. */
export type ExitCode = 1 | 2 | 3;

/**
 * The one error type that a user is meant to see: a sentence of one line that says where, what was
 * found and what was expected. Anything else that is thrown is a defect of nonn.
 */
export class NonnError extends Error {
  override readonly name = 'NonnError';
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = 2) {
    // Names of files and fields may hold anything; a sentence stays one line and never steers a terminal.
    super(message.replace(/\s*[\p{Cc}\p{Zl}\p{Zp}]+\s*/gu, ' '));
    this.exitCode = exitCode;
  }
}

/** Where something was found, what it was, and what was expected instead. */
export interface Complaint {
  /** File, or the name of the command-line argument. */
  readonly file?: string;
  /** JSON path inside the file, e.g. `cluster.devices[2].profile`. */
  readonly path?: string;
  readonly found: string;
  readonly expected: string;
  /** The nearest valid name, if there is one. */
  readonly suggestion?: string | undefined;
}

/** Builds the sentence `file: path: found …, expected … (did you mean …?)`. */
export function complain(complaint: Complaint): NonnError {
  const where = [complaint.file, complaint.path]
    .filter((part) => part !== undefined && part !== '')
    .join(': ');
  const hint = complaint.suggestion === undefined ? '' : ` (did you mean "${complaint.suggestion}"?)`;
  return new NonnError(
    `${where === '' ? '' : `${where}: `}found ${complaint.found}, expected ${complaint.expected}${hint}`,
  );
}

/** A value as an error message shows it: JSON, shortened to 60 characters. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  try {
    return shorten(JSON.stringify(value) ?? String(value));
  } catch {
    // Data that refers to itself, or is nested more deeply than the stack allows.
    return typeof value === 'object' ? 'an object that cannot be shown' : String(value);
  }
}

/** A path as people write it: `cluster.devices[2].profile`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${shorten(String(step))}`,
    )
    .join('');
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
