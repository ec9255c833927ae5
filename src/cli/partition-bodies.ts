import { complain, NonnError, parseUnit, show } from '../foundation/index.js';
import { largestStudent, type StudentBudget, type StudentCost } from '../learn/index.js';
import type { Shape } from '../network/index.js';

/** Options that say what a student may cost: one value for all, or one for each. */
export interface BodyOptions {
  readonly students: number;
  readonly budgetParameters?: readonly string[];
  readonly budgetMemory?: readonly string[];
  readonly budgetFlops?: readonly string[];
  readonly families?: readonly string[];
  readonly input?: number;
}

/** Images of CIFAR, where nothing says of what size they are. */
const DEFAULT_INPUT: Shape = [32, 32, 3];

/**
 * What each student may cost, or null where nothing bounds it.
 * @throws NonnError for a value that is none, or not one a student.
 */
export function readBudgets(options: BodyOptions): readonly StudentBudget[] | null {
  const parameters = values('budget-parameters', options.budgetParameters, options.students, count);
  const memory = values('budget-memory', options.budgetMemory, options.students, (text) =>
    unit(text, 'bytes', '"2 MB"'),
  );
  const flops = values('budget-flops', options.budgetFlops, options.students, (text) =>
    unit(text, 'work', '"20 MFLOP"'),
  );
  if (parameters ?? memory ?? flops)
    return Array.from({ length: options.students }, (_, index) => ({
      parameters: parameters?.[index],
      memory: memory?.[index],
      flops: flops?.[index],
    }));
  for (const name of ['families', 'input'] as const)
    if (options[name] !== undefined)
      throw complain({
        file: `--${name}`,
        found: 'it without a budget',
        expected: '--budget-parameters, --budget-memory or --budget-flops beside it',
      });
  return null;
}

/**
 * The largest body of each student, in their order.
 * @throws NonnError where a student finds none.
 */
export function chooseBodies(
  students: readonly (readonly number[])[],
  budgets: readonly StudentBudget[],
  seen: Shape | undefined,
  { input, families }: BodyOptions,
): readonly StudentCost[] {
  if (seen !== undefined && input !== undefined)
    throw complain({
      file: '--input',
      found: `${input}`,
      expected: `no size beside a teacher, whose images have ${seen.join('x')}`,
    });
  const shape: Shape = seen ?? (input === undefined ? DEFAULT_INPUT : [input, input, DEFAULT_INPUT[2]]);
  return students.map((filters, index) => {
    try {
      return largestStudent({ filters: filters.length, input: shape, budget: budgets[index]!, families });
    } catch (error) {
      if (!(error instanceof NonnError)) throw error;
      throw new NonnError(`student ${index + 1}: ${error.message}`, error.exitCode);
    }
  });
}

function values(
  option: string,
  texts: readonly string[] | undefined,
  students: number,
  read: (text: string) => number | null,
): readonly number[] | null {
  if (texts === undefined) return null;
  if (texts.length !== 1 && texts.length !== students)
    throw complain({
      file: `--${option}`,
      found: `${texts.length} values`,
      expected: `one for all students, or one for each of ${students}`,
    });
  const amounts = texts.map((text) => {
    const value = read(text);
    if (value !== null && value > 0 && Number.isFinite(value)) return value;
    throw complain({
      file: `--${option}`,
      found: show(text),
      expected: option === 'budget-parameters' ? 'a whole number above 0' : 'an amount above 0',
    });
  });
  return Array.from({ length: students }, (_, index) => amounts[texts.length === 1 ? 0 : index]!);
}

/** A whole number of parameters. */
function count(text: string): number | null {
  return NUMBER.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null;
}

const NUMBER = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function unit(text: string, quantity: 'bytes' | 'work', example: string): number | null {
  if (NUMBER.test(text)) return Number(text);
  try {
    return parseUnit(text, quantity);
  } catch (error) {
    if (!(error instanceof NonnError)) throw error;
    const option = quantity === 'bytes' ? '--budget-memory' : '--budget-flops';
    throw new NonnError(`${option}: ${error.message}, such as ${example}`, error.exitCode);
  }
}
