// The package @tensorflow/tfjs-node without its install script: its archive, checked, and its place in node_modules.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../steps.mjs';
import { cacheFolder } from './cache.mjs';
import { tell } from './tell.mjs';
import { versions } from './versions.mjs';

/** Where node_modules has the package. */
export const packageFolder = join(root, 'node_modules', '@tensorflow', 'tfjs-node');

/** `sha512` of the archive in base64, as the registry states it (`npm view @tensorflow/tfjs-node@4.22.0 dist.integrity`). */
const integrity =
  'sha512-uHrXeUlfgkMxTZqHkESSV7zSdKdV0LlsBeblqkuKU9nnfxB1pC6DtoyYVaLxznzZy7WQSegjcohxxCjAf6Dc7w==';

/** Whether node_modules has the package in the right version, with what it needs. */
export function isInstalled() {
  const file = join(packageFolder, 'package.json');
  return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === versions.tfjs;
}

/** Installs the package from its checked archive; package.json and the lockfile stay as they are. */
export async function installPackage() {
  if (isInstalled()) return;
  const archive = await checkedArchive();
  // As an optional dependency: npm leaves a peer that is optional where it is, outside.
  await npm(['install', '--no-save', '--save-optional', '--ignore-scripts', '--prefer-offline', archive]);
  if (!isInstalled())
    throw new Error(`found no @tensorflow/tfjs-node ${versions.tfjs} after npm installed it, expected one`);
}

/** The archive in the cache, downloaded if it is not there whole. @throws if npm brings another one than was pinned. */
async function checkedArchive() {
  const archive = join(cacheFolder(), `tfjs-node-${versions.tfjs}.tgz`);
  if (existsSync(archive) && integrityOf(archive) === integrity) return archive;
  mkdirSync(cacheFolder(), { recursive: true });
  const folder = mkdtempSync(join(cacheFolder(), 'pack-'));
  try {
    await npm(['pack', '--pack-destination', folder, `@tensorflow/tfjs-node@${versions.tfjs}`]);
    const [name] = readdirSync(folder);
    const found = name === undefined ? 'no archive' : integrityOf(join(folder, name));
    if (found !== integrity)
      throw new Error(`found ${found} of @tensorflow/tfjs-node, expected ${integrity}`);
    copyFileSync(join(folder, name), archive);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return archive;
}

function integrityOf(file) {
  return `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
}

function npm(args) {
  return tell(
    process.platform === 'win32' ? 'npm.cmd' : 'npm',
    ['--silent', '--no-audit', '--no-fund', ...args],
    root,
  );
}
