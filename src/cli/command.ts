/** Options that every command takes. */
export interface GlobalOptions {
  /** No progress and no notes on stderr; errors still stand there. */
  readonly quiet: boolean;
  /** One JSON object on stdout and nothing else there. */
  readonly json: boolean;
  /** Stack traces of errors. */
  readonly debug: boolean;
  /** Seed of every random stream; undefined where the scenario's own (or 1) holds. */
  readonly seed?: number;
}

/** Exit code of a command that ran: 0 fine, 1 a check failed, 3 inconclusive. Wrong input is thrown instead. */
export type CommandExit = 0 | 1 | 3;

/**
 * What the module of a command, `src/cli/<name>.ts`, exports. It is imported only when the command is used, so it
 * may import any room's door.
 *
 *     export interface SweepOptions extends GlobalOptions { readonly out?: string; readonly workers?: number }
 *     export async function run(args: readonly string[], options: SweepOptions): Promise<CommandExit>
 */
export interface CommandModule {
  /**
   * Runs the command: writes its result to stdout (`print`, `printJson` of `output.ts`), progress and notes to
   * stderr (`note` of `output.ts`, `startProgress` of `progress.ts`), and returns the exit code.
   *
   * @param args positional arguments in order; those of a variadic one follow each other, those left out are absent.
   * @param options the options of the command's entry in `commands.ts`, already checked and converted, under their
   * names in camelCase (`--dry-run` is `dryRun`). An option that was not given is undefined, a flag false.
   * @throws NonnError for wrong input: it becomes one line on stderr and its exit code.
   */
  run(args: readonly string[], options: GlobalOptions): Promise<CommandExit>;
}

/** How the text of an option is checked and what it becomes. */
export type OptionValue =
  /** Present or not: a boolean. */
  | { readonly kind: 'flag' }
  /** Any text, a file name for instance. */
  | { readonly kind: 'text'; readonly name: string }
  /** A text that may be given several times, or several at once: an array. */
  | { readonly kind: 'texts'; readonly name: string }
  /** A whole number from `least`, to `most` if that is given. */
  | { readonly kind: 'integer'; readonly name: string; readonly least: number; readonly most?: number }
  /** A number above 0, at most a million. */
  | { readonly kind: 'number'; readonly name: string }
  /** One of a few words. */
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** `90s`, `5m` or `1h`: a number of seconds. */
  | { readonly kind: 'duration'; readonly name: string }
  /** Two whole numbers of at least 1, as in `3x3`: an array of them. */
  | { readonly kind: 'grid'; readonly name: string };

/** An option of a command, `--name`. */
export interface OptionEntry {
  /** Without the dashes: `dry-run`. */
  readonly name: string;
  readonly value: OptionValue;
  readonly description: string;
  readonly required?: boolean;
}

/** A command as help shows it and the command line reads it. */
export interface CommandEntry {
  /** Name of the command and of its module in `src/cli/`. */
  readonly name: string;
  /** Positional arguments as commander writes them: `<scenario>`, `[dir]`, `<results...>`. */
  readonly arguments: readonly string[];
  readonly options: readonly OptionEntry[];
  /** One line, without a full stop. */
  readonly description: string;
  /** A command that works as it stands, from the repository's root. */
  readonly example: string;
}
