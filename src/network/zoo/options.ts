import { complain, show } from '../../foundation/index.js';
import type { Network } from '../network.js';
import type { Shape } from '../region.js';

/** What a zoo network may be asked for; where a field is left out, the published size holds. */
export interface ZooOptions {
  /** Height and width of a square input with the default's channels, or its whole shape. */
  readonly input?: number | Shape;
  /** Classes of the output. */
  readonly classes?: number;
}

/** One family of networks: how its names look, and how a name becomes a network. */
export interface Family {
  /** The names that did-you-mean and lists show; a parametric family shows members that are published. */
  readonly names: readonly string[];
  /** How a parametric name is written, for lists. */
  readonly pattern?: string;
  /** Whether a name is meant to be of this family, even if its numbers are wrong. */
  readonly owns: (name: string) => boolean;
  readonly defaultInput: Shape;
  readonly defaultClasses: number;
  /** @throws NonnError for a name with numbers that the family does not have, or an input that it cannot take. */
  readonly build: (name: string, input: Shape, classes: number) => Network;
}

/**
 * The options of a network with the family's defaults filled in.
 * @throws NonnError for sizes that are not whole numbers above zero.
 */
export function completeOptions(
  name: string,
  family: Family,
  options: ZooOptions,
): { readonly input: Shape; readonly classes: number } {
  const { input = family.defaultInput, classes = family.defaultClasses } = options;
  const shape: Shape = typeof input === 'number' ? [input, input, family.defaultInput[2]] : input;
  if (shape.length !== 3 || !shape.every(isCount)) {
    throw complain({
      file: `network ${name}`,
      path: 'input',
      found: show(input),
      expected: 'a height and width, or [height, width, channels], of whole numbers above 0',
    });
  }
  if (!isCount(classes)) {
    throw complain({
      file: `network ${name}`,
      path: 'classes',
      found: show(classes),
      expected: 'a whole number above 0',
    });
  }
  return { input: shape, classes };
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
