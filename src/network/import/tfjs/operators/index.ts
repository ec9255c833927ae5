import type { OperatorImport } from '../../graph/node.js';
import { pixelOperators } from './pixel.js';
import { shapeOperators } from './shape.js';
import { windowOperators } from './window.js';

/** Operations of TensorFlow that nonn imports, by name. */
export const tensorflowOperators: ReadonlyMap<string, OperatorImport> = new Map(
  Object.entries({ ...windowOperators, ...pixelOperators, ...shapeOperators }),
);
