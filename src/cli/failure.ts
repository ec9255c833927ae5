import { complain, NonnError, nearest } from '../foundation/index.js';
import type { CommandEntry } from './command.js';
import { commands, globalOptions } from './commands.js';
import { UsageProblem } from './program.js';

/**
 * What a failed run says on stderr, in one line, and its exit code. With `debug` the stack trace follows.
 * Anything that is not a sentence for the user is a defect of nonn, and says so.
 */
export function describeFailure(error: unknown, debug: boolean): { text: string; exitCode: number } {
  const known = error instanceof UsageProblem ? wrongUsage(error) : (unwritable(error) ?? error);
  const stack = debug && error instanceof Error ? `\n${error.stack}` : '';
  if (known instanceof NonnError) return { text: `nonn: ${known.message}${stack}`, exitCode: known.exitCode };
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  const hint = debug ? '' : ' (--debug shows where)';
  return { text: `nonn: a defect of nonn: ${reason}${hint}${stack}`, exitCode: 2 };
}

/** A full disk behind stdout is nobody's defect; files that commands write themselves have sentences of their own. */
function unwritable(error: unknown): NonnError | undefined {
  const { syscall, code, path } = error as NodeJS.ErrnoException;
  if (syscall !== 'write' || path !== undefined) return undefined;
  return complain({
    file: 'stdout',
    found: `that it cannot be written (${code})`,
    expected: 'room for the result',
  });
}

/** Commander's finding in nonn's words. What commander quotes in its message is the name that it is about. */
function wrongUsage({ command, problem }: UsageProblem): NonnError {
  const quoted = /'([^']*)'/.exec(problem.message)?.[1] ?? '';
  const about = command === undefined ? {} : { file: command.name };
  const usage = usageOf(command);
  switch (problem.code) {
    case 'commander.help':
      return complain({ found: 'no command', expected: `${usage}, see nonn --help` });
    case 'commander.unknownCommand': {
      const names = commands.map((entry) => entry.name);
      return complain({
        found: `the unknown command "${quoted}"`,
        expected: `one of ${names.join(', ')}`,
        suggestion: nearest(quoted, names),
      });
    }
    case 'commander.unknownOption': {
      const names = [...(command?.options ?? []), ...globalOptions].map((entry) => `--${entry.name}`);
      return complain({
        ...about,
        found: `the unknown option "${quoted}"`,
        expected: `one of ${names.join(', ')}`,
        suggestion: nearest(quoted, names),
      });
    }
    case 'commander.missingArgument':
      return complain({ ...about, found: `no <${quoted}>`, expected: usage });
    case 'commander.missingMandatoryOptionValue':
      return complain({ ...about, found: `no ${quoted}`, expected: usage });
    case 'commander.optionMissingArgument':
      return complain({ ...about, found: `${quoted.split(' ')[0]} without its value`, expected: quoted });
    case 'commander.excessArguments':
      return complain({ ...about, found: 'too many arguments', expected: usage });
    default:
      return complain({ ...about, found: problem.message.replace(/^error: /, ''), expected: usage });
  }
}

function usageOf(command: CommandEntry | undefined): string {
  if (command === undefined) return 'nonn <command> [options]';
  const required = command.options
    .filter((option) => option.required)
    .map((option) => `--${option.name} <${'name' in option.value ? option.value.name : ''}>`);
  return ['nonn', command.name, ...command.arguments, ...required].join(' ');
}
