import { complain } from '../foundation/index.js';
import { isNetworkFile, loadNetwork } from './import/index.js';
import type { Network } from './network.js';
import { isZooName, type ZooOptions, zooNetwork } from './zoo/index.js';

/**
 * The network that a text means: a name of the zoo, or a file that somebody brings.
 * @param options size and classes of a zoo network; of a file, the size where it leaves it open.
 * @throws NonnError in one sentence for an unknown name, or a file that cannot be imported.
 */
export function namedNetwork(name: string, options: ZooOptions = {}): Network {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  if (isZooName(name) || !isNetworkFile(name)) return zooNetwork(name, given);
  const { input, classes } = options;
  if (classes !== undefined)
    throw complain({
      file: name,
      found: `${classes} classes asked for`,
      expected: 'a file as it is, without --classes',
    });
  if (input !== undefined && typeof input !== 'number')
    throw complain({ file: name, found: `an input of ${input.join('x')}`, expected: 'a height and width' });
  return loadNetwork(name, { input }).network;
}
