import { type Network, namedNetwork, type ZooOptions } from '../network/index.js';

/**
 * The network that an argument of a command names: one of the zoo, or a file.
 * @throws NonnError for an unknown name, or a file that cannot be imported.
 */
export function networkArgument(name: string, { input, classes }: ZooOptions): Network {
  return namedNetwork(name, {
    ...(input === undefined ? {} : { input }),
    ...(classes === undefined ? {} : { classes }),
  });
}
