import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { entry, isBuilt, type Ran, root, runBuilt } from './run-built.js';

const folder = mkdtempSync(join(tmpdir(), 'nonn-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!isBuilt)('the command line (skipped without dist/: run npm run build)', () => {
  it('lists every command in its help, with an example', async () => {
    const { stdout, stderr, code } = await nonn('--help');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    for (const { name } of commands) expect(stdout).toMatch(new RegExp(`^  ${name}( |$)`, 'm'));
    expect(stdout).toContain('Example:\n  $ nonn quickstart');
  });

  it.each(commands.map((command) => [command.name, command] as const))(
    'shows options and an example in the help of %s',
    async (name, command) => {
      const { stdout, code } = await nonn(name, '--help');
      expect(code).toBe(0);
      expect(stdout).toContain(`$ ${command.example}`);
      expect(command.example.startsWith(`nonn ${name}`)).toBe(true);
      for (const option of [...command.options.map((each) => each.name), 'quiet', 'json', 'debug', 'seed'])
        expect(stdout).toContain(`--${option}`);
      expect((await nonn('help', name)).stdout).toBe(stdout);
    },
  );

  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(await nonn('--version')).toEqual({ stdout: `${version}\n`, stderr: '', code: 0 });
  });

  it.each([
    [
      ['swep', 'x.json'],
      'the unknown command "swep", expected one of quickstart, ',
      '(did you mean "sweep"?)',
    ],
    [['swep', '--help'], 'the unknown command "swep"', '(did you mean "sweep"?)'],
    [['sweep', 'x.json', '--ouy', 'y'], 'sweep: found the unknown option "--ouy"', '(did you mean "--out"?)'],
    [['doctor', '--jsno'], 'doctor: found the unknown option "--jsno"', '(did you mean "--json"?)'],
    [['--bogus'], 'found the unknown option "--bogus", expected one of', '--seed'],
    [[], 'found no command, expected nonn <command> [options]', 'see nonn --help'],
    [['sweep'], 'sweep: found no <scenario>, expected nonn sweep <scenario>', ''],
    [
      ['gate', 'r'],
      'gate: found no --baseline <file>, expected nonn gate <results...> --baseline <file>',
      '',
    ],
    [['sweep', 'x.json', '--out'], 'sweep: found --out without its value, expected --out <dir>', ''],
    [['doctor', 'me'], 'doctor: found too many arguments, expected nonn doctor', ''],
    [
      ['sweep', 'x.json', '--workers', '0'],
      '--workers: found "0", expected a whole number from 1 to 256',
      '',
    ],
    [['sweep', 'x.json', '--workers', '1e400'], '--workers: found "1e400", expected a whole number', ''],
    [['sweep', 'x.json', '--seed', 'abc'], '--seed: found "abc", expected a whole number from 0', ''],
    [['sweep', 'x.json', '--seed', '-1'], '--seed: found "-1", expected a whole number from 0', ''],
    [['sweep', 'x.json', '--seed', '99999999999999999999'], '--seed: found "99999999999999999999"', ''],
    [
      ['sweep', 'x.json', '--pick', 'kne'],
      '--pick: found "kne", expected one of knee',
      '(did you mean "knee"?)',
    ],
    [['calibrate', '--out', 'x', '--budget', 'soon'], '--budget: found "soon", expected a time above 0', ''],
    [['tiles', 'yolov2', '--grid', '3by3'], '--grid: found "3by3", expected two whole numbers', ''],
    [
      ['validate', '--profile', 'x', '--tolerance', '-1'],
      '--tolerance: found "-1", expected a number above 0',
      '',
    ],
  ])('answers %j in one sentence on stderr and exits with 2', async (args, ...parts) => {
    const { stdout, stderr, code } = await nonn(...args);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toMatch(/^nonn: [^\n]*\n$/);
    for (const part of parts) expect(stderr).toContain(part);
  });

  it('answers doctor --json with one object that tells which backends work', async () => {
    const { stdout, stderr, code } = await nonn('doctor', '--json');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const found = JSON.parse(stdout) as { cores: number; backends: { name: string; works: boolean }[] };
    expect(found.cores).toBeGreaterThan(0);
    expect(found.backends.find(({ name }) => name === 'tfjs-wasm')).toMatchObject({
      works: true,
      threads: 1,
    });
  });

  it('shows a stack trace with --debug only', async () => {
    expect((await nonn('swep', '--debug')).stderr).toMatch(/^nonn: [^\n]*\n[\s\S]*\n {4}at /);
    expect((await nonn('swep')).stderr).not.toContain('    at ');
  });

  it('says nothing when a reader closes the pipe early', async () => {
    const child = spawn(process.execPath, [entry, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  it.skipIf(!existsSync('/dev/full'))(
    'says that the disk behind stdout is full (skipped without /dev/full)',
    async () => {
      const full = openSync('/dev/full', 'w');
      const child = spawn(process.execPath, [entry, 'cost', 'lenet5'], { stdio: ['ignore', full, 'pipe'] });
      let stderr = '';
      child.stderr!.on('data', (chunk) => {
        stderr += chunk;
      });
      const code = await new Promise((resolve) => child.on('close', resolve));
      closeSync(full);
      expect(stderr).toBe(
        'nonn: stdout: found that it cannot be written (ENOSPC), expected room for the result\n',
      );
      expect(code).toBe(2);
    },
  );

  it('has one module a command', () => {
    const modules = readdirSync(join(root, 'src', 'cli')).map((file) => file.replace(/\.ts$/, ''));
    expect(modules).toEqual(expect.arrayContaining(commands.map((command) => command.name)));
  });

  it('imports nothing but commander on the way to its help', () => {
    // The rule light-start of the import check guards src/; this looks at what was built of it.
    for (const name of ['main', 'program', 'commands']) {
      const text = readFileSync(join(root, 'dist', 'cli', `${name}.js`), 'utf8');
      const imported = [...text.matchAll(/^import .* from '([^']+)'/gm)].map((match) => match[1]);
      expect(['commander', './commands.js', './program.js']).toEqual(expect.arrayContaining(imported));
    }
  });
});

function nonn(...args: readonly string[]): Promise<Ran> {
  return runBuilt(folder, args);
}
