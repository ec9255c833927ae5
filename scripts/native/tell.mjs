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
      reject(new Error(`${[command, ...args].join(' ')} ${end}\n${lastLines(written, 12)}`.trimEnd()));
    });
  });
}

function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** The line of a failure that says most. */
export function reasonOf({ message }) {
  const lines = message.split('\n');
  return (lines.find((line) => /^\s*\w*Error: /.test(line)) ?? lines[0]).trim();
}
