#!/usr/bin/env node
import { createProgram, UsageProblem, VersionWanted } from './program.js';

// The static path from here is `nonn --help`: commander and the table of commands, nothing else.
// Everything that loads more (zod, tfjs, vega, the doors of the rooms) is imported on use.

// `nonn table … | head -1` closes the pipe early; the run goes on, so that its exit code and files stay right.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

process.on('uncaughtException', (error) => {
  void fail(error).finally(() => process.exit());
});

try {
  await createProgram((code) => {
    process.exitCode = code;
  }).parseAsync(asFlag(process.argv.slice(2)), { from: 'user' });
} catch (error) {
  if (error instanceof VersionWanted) (await import('./version.js')).printVersion();
  else if (!(error instanceof UsageProblem && error.isHelp)) await fail(error);
}

/** `nonn help sweep` is `nonn sweep --help`. */
function asFlag(args: readonly string[]): string[] {
  return args[0] === 'help' ? [...args.slice(1), '--help'] : [...args];
}

async function fail(error: unknown): Promise<void> {
  const { describeFailure } = await import('./failure.js');
  const { text, exitCode } = describeFailure(error, process.argv.includes('--debug'));
  process.exitCode = exitCode;
  process.stderr.write(`${text}\n`);
}
