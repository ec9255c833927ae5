import { existsSync } from 'node:fs';
import { complain } from '../foundation/index.js';
import { isZooName, type Network, type ZooOptions, zooNetwork, zooPatterns } from '../network/index.js';

/**
 * The network that an argument of a command names.
 * @throws NonnError for an unknown name, or a file, which nonn does not read yet.
 */
export function networkArgument(name: string, options: ZooOptions): Network {
  if (!isZooName(name) && (/\.(json|onnx)$/i.test(name) || existsSync(name))) {
    throw complain({
      file: name,
      found: 'a path',
      expected: `the name of a network, since files cannot be read yet: one of ${zooPatterns().join(', ')}`,
    });
  }
  return zooNetwork(name, {
    ...(options.input === undefined ? {} : { input: options.input }),
    ...(options.classes === undefined ? {} : { classes: options.classes }),
  });
}
