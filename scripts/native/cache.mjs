// The cache folder: the package's archive, and one folder an origin (`vendor`, `packages`) with `deps/` (libraries and
// headers) and `lib/` (the binding, which looks for its libraries in ../../deps/lib). The installed package has links
// to one of them.
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { packageFolder } from './package.mjs';
import { versions } from './versions.mjs';

/** Where libraries and binding can come from. */
export const origins = ['vendor', 'packages'];

/** The two folders of the package that its archive lacks. */
const parts = ['deps', 'lib'];

/** The folder that outlives `node_modules`: `~/.cache/nonn/native-<versions>`, or inside `NONN_CACHE`. */
export function cacheFolder() {
  const { NONN_CACHE: given, XDG_CACHE_HOME: caches = join(homedir(), '.cache') } = process.env;
  const base = given ? resolve(given) : join(caches, 'nonn');
  return join(base, `native-${versions.tfjs}-${versions.tensorflow}`);
}

export function originFolder(origin) {
  return join(cacheFolder(), origin);
}

/** Whether the cache has libraries from there. */
export function hasLibraries(origin) {
  return existsSync(join(originFolder(origin), 'deps', 'lib'));
}

/** Whether the cache has libraries and a binding from there; whether they work, a trial shows. */
export function isComplete(origin) {
  const lib = join(originFolder(origin), 'lib');
  const versions = existsSync(lib) ? readdirSync(lib) : [];
  return (
    hasLibraries(origin) && versions.some((version) => existsSync(join(lib, version, 'tfjs_binding.node')))
  );
}

export function clearOrigin(origin) {
  unlink();
  rmSync(originFolder(origin), { recursive: true, force: true });
}

/** Makes the installed package use what the cache has from there. */
export function link(origin) {
  unlink();
  for (const part of parts) {
    const target = join(originFolder(origin), part);
    mkdirSync(target, { recursive: true });
    symlinkSync(target, join(packageFolder, part));
  }
}

/** Takes links, and what an install left unfinished, out of the package. */
export function unlink() {
  for (const part of parts) rmSync(join(packageFolder, part), { recursive: true, force: true });
}

/** Moves what an install wrote into the package to the cache, and links it. */
export function keep(origin) {
  for (const part of parts) {
    const written = join(packageFolder, part);
    if (lstatSync(written).isSymbolicLink()) continue;
    mkdirSync(originFolder(origin), { recursive: true });
    move(written, join(originFolder(origin), part));
  }
  link(origin);
}

/** The cache may be on another disk than the project. */
function move(from, to) {
  const beside = `${to}-${process.pid}`;
  try {
    renameSync(from, to);
  } catch (error) {
    if (error.code !== 'EXDEV') throw error;
    cpSync(from, beside, { recursive: true, verbatimSymlinks: true });
    renameSync(beside, to);
  }
}
