import type { OperatorImport } from '../../graph/node.js';
import { matrixOperators } from './matrix.js';
import { normaliseOperators } from './normalise.js';
import { pixelOperators } from './pixel.js';
import { resizeOperators } from './resize.js';
import { shapeOperators } from './shape.js';
import { windowOperators } from './window.js';

/** Operators of ONNX's standard domain that nonn imports, by name. */
export const onnxOperators: ReadonlyMap<string, OperatorImport> = new Map(
  Object.entries({
    ...windowOperators,
    ...pixelOperators,
    ...normaliseOperators,
    ...matrixOperators,
    ...shapeOperators,
    ...resizeOperators,
  }),
);
