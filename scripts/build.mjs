// Compiles src/ to dist/. It is compiled beside and then swapped in, so that a file that was removed from src/ does
// not stay in dist/, and whatever runs from dist/ meanwhile finds all of it.
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, tool } from './steps.mjs';

const dist = join(root, 'dist');
const beside = join(root, '.cache', `build-${process.pid}`);
const old = `${beside}-old`;

mkdirSync(join(root, '.cache'), { recursive: true });
const { code } = await run(tool('tsc'), ['-p', 'tsconfig.json', '--outDir', beside]);
if (existsSync(beside)) {
  chmodSync(join(beside, 'cli', 'main.js'), 0o755);
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(beside, dist);
  rmSync(old, { recursive: true, force: true });
}
process.exitCode = code;
