// What a machine must have for native kernels.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folder that holds `include/node` of the Node.js that runs. */
export const nodePrefix = dirname(dirname(process.execPath));

/** What is missing for any origin of the kernels: one line each. */
export function missingForAny() {
  const major = Number(process.versions.node.split('.')[0]);
  return [20, 22].includes(major)
    ? []
    : [`Node.js 20 or 22, for which @tensorflow/tfjs-node is made (this is ${process.versions.node})`];
}

/** What is missing to take the libraries out of packages and to build the binding here: one line each. */
export function missingForPackages() {
  const lacks = [];
  if (process.platform !== 'linux' || process.arch !== 'x64')
    lacks.push(
      `Linux on x86-64, for which TensorFlow's package holds libraries (this is ${process.platform} ${process.arch})`,
    );
  if (!runs('python3', ['-m', 'pip', '--version']))
    lacks.push('python3 with pip (python3 -m pip), which fetches TensorFlow');
  if (!runs(process.env.CXX ?? 'c++', ['--version']) && !runs('g++', ['--version']))
    lacks.push('C++ compiler (c++, g++ or $CXX), which builds the binding');
  if (!runs('make', ['--version'])) lacks.push('make, which builds the binding');
  if (!existsSync(join(nodePrefix, 'include', 'node', 'node_api.h')))
    lacks.push(
      `headers of Node.js in ${join(nodePrefix, 'include', 'node')}, against which the binding is built`,
    );
  return lacks;
}

function runs(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
