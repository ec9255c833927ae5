import { complain, formatUnit, NonnError } from '../../foundation/index.js';
import { type Network, type Shape, zooNetwork } from '../../network/index.js';
import type { FeatureSize } from '../../strategy/index.js';
import { familiesOf } from './families.js';
import { type StudentCost, studentCost } from './student-cost.js';

/** Upper bounds on what a student may cost; what is left out is not bounded. */
export interface StudentBudget {
  /** Trainable parameters. */
  readonly parameters?: number | undefined;
  /** Bytes of float32 weights and activations together. */
  readonly memory?: number | undefined;
  /** Operations of one inference, two for a multiply-add. */
  readonly flops?: number | undefined;
}

/** What a student has to do, and what it may cost. */
export interface StudentRequest {
  /** Filters of the teacher that it learns. */
  readonly filters: number;
  /** `[height, width, channels]` of its images. */
  readonly input: Shape;
  readonly budget: StudentBudget;
  /** Names of families to choose from; all where they are left out. */
  readonly families?: readonly string[] | undefined;
  /** Rows and columns of the teacher's features where they are no means. */
  readonly size?: FeatureSize | undefined;
}

/**
 * The largest student that keeps to a budget: the one with most FLOP, of equal ones that with more parameters, then the
 * first of the families' list. FLOP and not parameters, since bodies of unlike families are compared: MobileNet V2 keeps
 * most of its parameters in one 1x1 convolution, which says little of what the body can learn.
 *
 * @throws NonnError where no student keeps to the budget: it names the one that comes nearest, and by how much it fails.
 */
export function largestStudent(request: StudentRequest): StudentCost {
  const { budget, filters } = request;
  const students = studentsOf(request);
  const fitting = students.find((student) => excess(student, budget) <= 1);
  if (fitting !== undefined) return fitting;
  const nearest = students.reduce((a, b) => (excess(b, budget) <= excess(a, budget) ? b : a));
  const over = bounds.filter((bound) => nearest[bound] > (budget[bound] ?? Number.POSITIVE_INFINITY));
  const needs = over.map(
    (bound) => `${amount(bound, nearest[bound])} (${times(nearest[bound] / budget[bound]!)})`,
  );
  const given = bounds.filter((bound) => budget[bound] !== undefined);
  throw complain({
    file: 'student budget',
    found: given.map((bound) => amount(bound, budget[bound]!)).join(' and '),
    expected: `enough for a student of ${filters} ${filters === 1 ? 'filter' : 'filters'}: the one that comes nearest, ${nearest.body}, needs ${needs.join(' and ')}`,
  });
}

/**
 * All students of these families for these images, the largest first; families that cannot take such images are left out.
 * @throws NonnError where none can.
 */
export function studentsOf({
  filters,
  input,
  families,
  size,
}: Omit<StudentRequest, 'budget'>): StudentCost[] {
  let refused: NonnError | undefined;
  const students = familiesOf(families).flatMap(({ members }) =>
    members.flatMap((name) => {
      try {
        return [studentCost(bodyOf(name, input), filters, size)];
      } catch (error) {
        if (!(error instanceof NonnError)) throw error;
        refused = error;
        return [];
      }
    }),
  );
  if (students.length === 0) throw refused!;
  // A stable sort: of equal ones the first of the list stays first.
  return students.sort((a, b) => b.flops - a.flops || b.parameters - a.parameters);
}

/** Bodies do not depend on the classes: what follows the last map is left out. */
function bodyOf(name: string, input: Shape): Network {
  return zooNetwork(name, { input, classes: 2 });
}

const bounds = ['parameters', 'memory', 'flops'] as const;

function amount(of: (typeof bounds)[number], value: number): string {
  switch (of) {
    case 'parameters':
      return `${value.toLocaleString('en-US')} parameters`;
    case 'memory':
      return `${formatUnit(value, 'bytes')} of weights and activations`;
    case 'flops':
      return formatUnit(value, 'work');
  }
}

/** The largest share of a bound that a student takes; it fits up to 1. */
function excess(student: StudentCost, budget: StudentBudget): number {
  return Math.max(...bounds.map((bound) => student[bound] / (budget[bound] ?? Number.POSITIVE_INFINITY)));
}

function times(ratio: number): string {
  return `${ratio >= 10 ? ratio.toFixed(0) : Number(ratio.toPrecision(3))} times the budget`;
}
