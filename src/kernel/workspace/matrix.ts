import { clip } from './activation.js';
import { floats, type Makes } from './tape.js';

export const matmul: Makes = (tape, shape) => {
  const output = floats(shape['height']!, shape['width']!, shape['columns']!);
  tape.reshape(3);
  tape.reshape(3);
  tape.make(output);
  tape.reshape(4);
  return output;
};

/** Numbers are brought into the range of the table, and become places in it. */
export const embedding: Makes = (tape, shape) => {
  const places = floats(shape['inputs']!);
  const output = floats(shape['inputs']!, shape['units']!);
  tape.reshape(1);
  clip(tape, places);
  tape.make(places);
  tape.run(output, 1);
  tape.reshape(4);
  return output;
};
