// The kernels from package registries alone: TensorFlow's package for Python has the libraries and their headers, and
// the binding is built against them.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tool } from '../steps.mjs';
import { cacheFolder, originFolder } from './cache.mjs';
import { packageFolder } from './package.mjs';
import { nodePrefix } from './requirements.mjs';
import { tell } from './tell.mjs';
import { versions } from './versions.mjs';

/** The Python package for Linux on x86-64 (`tensorflow_cpu-2.15.1-cp311-...-manylinux2014_x86_64.whl`), 207 MB. */
const wheel = {
  python: '3.11',
  platform: 'manylinux2014_x86_64',
  sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
};

/** Unpacks of an archive (argument 1) into a folder (argument 2) what the binding needs. */
const unpack = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    for name in archive.namelist():
        if name.startswith(('tensorflow/include/', 'tensorflow/libtensorflow_')):
            archive.extract(name, sys.argv[2])
`;

/** Fetches TensorFlow's package, whose hash pip checks, and keeps its libraries and headers in the cache. */
export async function takeLibraries() {
  const deps = join(originFolder('packages'), 'deps');
  if (existsSync(join(deps, 'lib', 'libtensorflow.so'))) return;
  const folder = join(cacheFolder(), 'wheel');
  mkdirSync(folder, { recursive: true });
  const file = await fetchWheel(folder);
  const beside = join(cacheFolder(), 'unpacked');
  rmSync(beside, { recursive: true, force: true });
  try {
    await tell('python3', ['-c', unpack, file, beside], folder);
    rmSync(deps, { recursive: true, force: true });
    arrange(join(beside, 'tensorflow'), join(beside, 'deps'));
    mkdirSync(originFolder('packages'), { recursive: true });
    renameSync(join(beside, 'deps'), deps);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  rmSync(folder, { recursive: true, force: true });
}

/** A file that is there already and whole is not fetched again. */
async function fetchWheel(folder) {
  const wanted = join(folder, 'requirements.txt');
  writeFileSync(wanted, `tensorflow-cpu==${versions.tensorflow} --hash=sha256:${wheel.sha256}\n`);
  const args = [
    '--no-deps',
    '--only-binary=:all:',
    '--python-version',
    wheel.python,
    '--platform',
    wheel.platform,
  ];
  await tell(
    'python3',
    ['-m', 'pip', 'download', '--quiet', ...args, '--require-hashes', '--dest', folder, '-r', wanted],
    folder,
  );
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.whl')),
  );
}

/** Libraries and headers under the names that the binding's build expects. */
function arrange(from, to) {
  const lib = join(to, 'lib');
  mkdirSync(lib, { recursive: true });
  renameSync(join(from, 'include'), join(to, 'include'));
  for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'])
    renameSync(join(from, name), join(lib, name));
  symlinkSync('libtensorflow_cc.so.2', join(lib, 'libtensorflow.so.2'));
  symlinkSync('libtensorflow_framework.so.2', join(lib, 'libtensorflow_framework.so'));
  symlinkSync('libtensorflow_cc.so.2', join(lib, 'libtensorflow.so'));
}

/** Builds the binding in the installed package, which is linked to the cache: its `lib` is there. */
export async function buildBinding() {
  await tell(
    tool('node-pre-gyp'),
    ['configure', 'build', '--build-from-source', `--nodedir=${nodePrefix}`],
    packageFolder,
    // TensorFlow's headers need C++17.
    { env: { CXXFLAGS: `${process.env.CXXFLAGS ?? ''} -std=c++17`.trim() } },
  );
  rmSync(join(packageFolder, 'build'), { recursive: true, force: true });
}
