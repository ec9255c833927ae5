import { activationOfCode } from '../activation-code.js';
import { floats, type Makes, mapBytes, type Tape } from './tape.js';

type Composition = (tape: Tape, bytes: number) => void;

/** Functions that are composed of others; all results live until the last is there. */
const composed: Readonly<Record<string, Composition>> = {
  elu: steps('map', 'number', 'map', 'number', 'map'),
  hardSigmoid: (tape, bytes) => {
    steps('number', 'number')(tape, bytes);
    clip(tape, bytes);
  },
  hardSwish: steps('number', 'map', 'number', 'map'),
  swish: steps('map', 'map'),
  gelu: steps('number', 'number', 'map', 'number', 'map'),
  geluTanh: steps('map', 'map', 'number', 'map', 'number', 'number', 'map', 'number', 'map'),
  softsign: steps('map', 'number', 'map'),
  mish: steps('map', 'map', 'map'),
  clip,
};

export const activation: Makes = (tape, shape) => {
  const bytes = mapBytes(shape);
  const compose = composed[activationOfCode(shape['activation']!)];
  if (compose === undefined) tape.make(bytes);
  else compose(tape, bytes);
  return bytes;
};

/** Native kernels compose it: its positive part, and half the slope times what the number lacks to its absolute value. */
export const prelu: Makes = (tape, shape) => {
  const bytes = mapBytes(shape);
  tape.reshape(4);
  if (tape.runtime === 'tfjs-node') steps('map', 'map', 'map', 'map', 'number', 'map')(tape, bytes);
  else tape.make(bytes);
  return bytes;
};

/** Operations on a map alone or on two maps, and operations on a map and a number. */
function steps(...kinds: readonly ('map' | 'number')[]): Composition {
  return (tape, bytes) => {
    for (const kind of kinds) {
      if (kind === 'map') tape.make(bytes);
      else tape.withNumber(bytes);
    }
  };
}

/** Native kernels take the minimum, then the maximum; the limits are tensors. */
export function clip(tape: Tape, bytes: number): void {
  if (tape.runtime !== 'tfjs-node') {
    tape.make(bytes);
    return;
  }
  const limit = floats(1);
  tape.make(limit);
  tape.make(bytes);
  tape.make(limit);
  tape.make(bytes);
  tape.free(bytes + 2 * limit);
}
