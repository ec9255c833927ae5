import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A small project of three rooms whose imports all go the right way. */
const rightWay = {
  'src/foundation/index.ts': "export { one } from './one.js';\n",
  'src/foundation/one.ts': 'export const one = 1;\n',
  'src/network/index.ts':
    "import { one } from '../foundation/index.js';\nexport const two = one + one;\nexport interface Shape { readonly rows: number }\n",
  'src/kernel/index.ts':
    "import { two, type Shape } from '../network/index.js';\nexport const four = (shape: Shape) => two * shape.rows;\n",
  'src/index.ts': "export * from './kernel/index.js';\n",
};

describe('the check of the direction of imports', () => {
  it('passes imports from above through the door, and says how many modules it saw', async () => {
    expect(await check(rightWay)).toEqual({ code: 0, text: '5 modules of project, 4 imports, 0 wrong\n' });
  });

  it.each([
    [
      'an upward import',
      { 'src/foundation/one.ts': "import { two } from '../network/index.js';\nexport const one = two;\n" },
      'foundation-imports-only-from-above: src/foundation/one.ts imports src/network/index.ts',
    ],
    [
      'an upward import of a type alone, which leaves no trace in what is compiled',
      {
        'src/foundation/one.ts':
          "import type { Shape } from '../network/index.js';\nexport const one = (s: Shape) => s;\n",
      },
      'foundation-imports-only-from-above: src/foundation/one.ts imports src/network/index.ts',
    ],
    [
      'an upward import that is made when it is used',
      { 'src/network/late.ts': "export const late = () => import('../kernel/index.js');\n" },
      'network-imports-only-from-above: src/network/late.ts imports src/kernel/index.ts',
    ],
    [
      'an import past the door',
      { 'src/network/deep.ts': "export { one } from '../foundation/one.js';\n" },
      'through-the-door: src/network/deep.ts imports src/foundation/one.ts',
    ],
    [
      'a circle inside a room',
      {
        'src/network/a.ts': "import { b } from './b.js';\nexport const a = (): number => b();\n",
        'src/network/b.ts': "import { a } from './a.js';\nexport const b = (): number => a();\n",
      },
      'no-circle: src/network/',
    ],
    [
      'a folder that has no place in the list of rooms',
      { 'src/helpers/index.ts': "export { one } from '../foundation/index.js';\n" },
      'known-room: src/helpers/index.ts',
    ],
    [
      'an import that leads nowhere',
      { 'src/network/lost.ts': "export { one } from '../foundation/lost.js';\n" },
      'resolvable: src/network/lost.ts imports',
    ],
    [
      'a room on the path of nonn --help',
      {
        'src/cli/main.ts': "import { one } from '../foundation/index.js';\nexport const main = one;\n",
      },
      'light-start: src/cli/main.ts imports src/foundation/index.ts',
    ],
  ])('fails on %s', async (_, planted, complaint) => {
    const { code, text } = await check({ ...rightWay, ...planted });
    expect(text).toContain(complaint);
    expect(code).toBe(1);
  });

  it('fails where it sees no import', async () => {
    const { code, text } = await check({ 'src/foundation/one.ts': rightWay['src/foundation/one.ts'] });
    expect(text).toContain('the check is blind');
    expect(code).toBe(1);
  });
});

/** Runs the check over a project of the given files. */
async function check(
  files: Readonly<Record<string, string>>,
): Promise<{ code: number | null; text: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'nonn-imports-'));
  const project = join(folder, 'project');
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(project, name)), { recursive: true });
      writeFileSync(join(project, name), text);
    }
    cpSync(join(root, 'tsconfig.json'), join(project, 'tsconfig.json'));
    const child = spawn(process.execPath, [join(root, 'scripts', 'check-imports.mjs'), project]);
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.stderr.resume();
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, text: text.replace(/of \S*project,/, 'of project,') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
