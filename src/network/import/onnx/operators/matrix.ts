import { constant, transposed } from '../../constant.js';
import { dense, matrixProduct } from '../../emit/matrix.js';
import { mapConstant, reshapeConstant } from '../../fold.js';
import type { OperatorImport } from '../../graph/node.js';

/** Products of matrices. */
export const matrixOperators: Readonly<Record<string, OperatorImport>> = {
  Gemm: (node) => {
    const [alpha, beta] = [node.float('alpha', 1), node.float('beta', 1)];
    const value = node.value(0);
    if (node.integer('transA', 0) !== 0) throw node.wrong('transA 1', '0');
    if (value.dims.length !== 2) throw node.wrong(`a tensor of ${value.dims.length} axes`, '2');
    const weights = node.constant(1);
    if (weights.dims.length !== 2) throw node.wrong(`a matrix of ${weights.dims.join('x')}`, '2 axes');
    const upright = node.integer('transB', 0) !== 0 ? transposed(weights, [1, 0]) : weights;
    const matrix = alpha === 1 ? upright : mapConstant(upright, (x) => alpha * x);
    const units = matrix.dims[1]!;
    const offset = node.optionalConstant(2);
    let bias =
      offset &&
      (offset.count === 1 && units > 1 ? repeated(offset.numbers, units) : reshapeConstant(offset, [units]));
    if (bias !== undefined && beta !== 1) bias = mapConstant(bias, (x) => beta * x);
    return dense(node.assembly, node.name, value, units, bias !== undefined, matrix, bias);
  },
  MatMul: (node) => {
    const [a, b] = [node.operand(0), node.operand(1)];
    if (a.kind === 'value' && b.kind === 'constant') {
      if (b.dims.length !== 2) throw node.wrong(`a matrix of ${b.dims.join('x')}`, '2 axes');
      return dense(node.assembly, node.name, a, b.dims[1]!, false, b);
    }
    return matrixProduct(node.assembly, node.name, node.value(0), node.value(1));
  },
};

function repeated(numbers: () => Float32Array | Float64Array, units: number) {
  return constant('bias', [units], () => new Float32Array(units).fill(numbers()[0]!));
}
