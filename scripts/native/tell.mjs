import { spawn } from 'node:child_process';

/**
 * Runs a command quietly.
 * @returns what it wrote.
 * @throws with the last lines that it wrote, if it fails or takes longer than `seconds`.
 */
export function tell(command, args, cwd, { env = {}, seconds } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(seconds === undefined ? {} : { timeout: seconds * 1000 }),
    });
    let written = '';
    const listen = (chunk) => {
      written = (written + chunk).slice(-100_000);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', (error) => reject(new Error(`${command}: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(written);
      const end = signal === null ? `ended with ${code}` : `was ended by ${signal}`;
      const message = `${[command, ...args].join(' ')} ${end}\n${lastLines(written, 12)}`.trimEnd();
      reject(Object.assign(new Error(message), { written }));
    });
  });
}

function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** The line of a failure of `tell` that says most. */
export function reasonOf({ message, written = '' }) {
  const named = written.split('\n').find((line) => /^\s*(\w*Error|error|fatal): /.test(line));
  return (named ?? message.split('\n')[0]).trim();
}
