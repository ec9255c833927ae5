import { Command, type CommanderError, Option } from 'commander';
import type { CommandEntry, CommandExit, CommandModule, OptionEntry } from './command.js';
import { commands, globalOptions } from './commands.js';

/**
 * The command line as commander reads it, set up from the table of commands.
 * @param finish is called with the exit code of the command that ran.
 */
export function createProgram(finish: (code: CommandExit) => void): Command {
  const program = prepare(new Command('nonn'), undefined)
    .usage('<command> [options]')
    .description(
      'Run deep networks on several small devices: simulate, compare and choose before buying a board.',
    )
    .addHelpText('after', example('nonn quickstart'))
    .option('--version', 'print the version of nonn')
    .on('option:version', () => {
      throw new VersionWanted();
    });
  // Commander would answer `nonn swep --help` with nonn's own help.
  program.on('beforeAllHelp', () => {
    const name = program.args.find((argument) => !argument.startsWith('-'));
    if (name !== undefined && !commands.some((entry) => entry.name === name))
      program.error(`error: unknown command '${name}'`, { code: 'commander.unknownCommand' });
  });
  for (const entry of globalOptions) program.addOption(optionOf(entry));
  for (const entry of commands) program.addCommand(commandOf(entry, finish));
  return program;
}

/** Thrown in the place of commander's own exit: wrong usage, or help that was asked for and printed. */
export class UsageProblem extends Error {
  readonly isHelp: boolean;

  /** @param command whose usage it is, undefined for nonn's own. */
  constructor(
    readonly command: CommandEntry | undefined,
    readonly problem: CommanderError,
  ) {
    super(problem.message);
    this.isHelp = problem.code === 'commander.helpDisplayed';
  }
}

/** Thrown by `--version`, which needs a file that `--help` must not read. */
export class VersionWanted extends Error {}

function commandOf(entry: CommandEntry, finish: (code: CommandExit) => void): Command {
  const command = prepare(new Command(entry.name), entry)
    .description(entry.description)
    .addHelpText('after', example(entry.example));
  for (const argument of entry.arguments) command.argument(argument);
  for (const option of entry.options) command.addOption(optionOf(option));
  return command.action(async () => {
    const { readOptions } = await import('./option-values.js');
    const options = readOptions(entry, command.optsWithGlobals());
    // The name comes from the table alone: one file a command.
    const module = (await import(`./${entry.name}.js`)) as CommandModule;
    finish(await module.run(command.args, options));
  });
}

function prepare(command: Command, entry: CommandEntry | undefined): Command {
  return command
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeErr: () => {} })
    .exitOverride((problem) => {
      throw new UsageProblem(entry, problem);
    });
}

function optionOf(entry: OptionEntry): Option {
  const { value } = entry;
  const operand =
    value.kind === 'flag'
      ? ''
      : value.kind === 'choice'
        ? ` <${value.choices.join('|')}>`
        : value.kind === 'texts'
          ? ` <${value.name}...>`
          : ` <${value.name}>`;
  return new Option(`--${entry.name}${operand}`, entry.description).makeOptionMandatory(
    entry.required === true,
  );
}

function example(line: string): string {
  return `\nExample:\n  $ ${line}`;
}
