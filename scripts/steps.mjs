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
 * Runs a command in the repository and shows what it writes.
 * @returns its exit code (1 if a signal ended it) and what it wrote to stdout.
 */
export function run(command, args, { cwd = root, show = true } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (show) process.stdout.write(chunk);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, stdout }));
  });
}
