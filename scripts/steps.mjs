import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The file of a tool that the lockfile installed. */
export function tool(name) {
  return join(root, 'node_modules', '.bin', name);
}

/**
 * Runs a command in the repository (or in `cwd`). What it writes is shown, unless `show` is false.
 * @returns its exit code (1 if a signal ended it) and, where it was not shown, what it wrote to stdout.
 */
export function run(command, args, { cwd = root, show = true } = {}) {
  return new Promise((resolve, reject) => {
    const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' };
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', show ? 'inherit' : 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, stdout }));
  });
}
