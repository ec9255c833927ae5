import { complain } from '../../foundation/index.js';
import type { Network } from '../../network/index.js';
import type { DataSet } from './image-set.js';

/**
 * Checks that a network takes a data set's images and tells its classes apart.
 * @throws NonnError where its input has another shape, or its output another number of values.
 */
export function checkClasses({ name, train }: DataSet, network: Network): void {
  const input = network.shapes.get(network.inputs[0]!)!;
  const outputs = network.shapes.get(network.output)!.reduce((product, extent) => product * extent, 1);
  if (network.inputs.length !== 1 || input.join('x') !== train.shape.join('x'))
    throw complain({
      file: `network ${network.id}`,
      found: `${network.inputs.length === 1 ? 'an input' : 'inputs, the first'} of ${input.join('x')}`,
      expected: `one of ${train.shape.join('x')}, as the images of ${name} are`,
    });
  if (outputs !== train.classes.length)
    throw complain({
      file: `network ${network.id}`,
      found: `${outputs} ${outputs === 1 ? 'output' : 'outputs'}`,
      expected: `${train.classes.length}, one for each class of ${name}`,
    });
}
