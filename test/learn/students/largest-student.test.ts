import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  largestStudent,
  type StudentBudget,
  type StudentCost,
  studentCost,
  studentsOf,
} from '../../../src/learn/index.js';
import { costOf, zooNetwork } from '../../../src/network/index.js';
import { assumePartition } from '../../../src/partition/index.js';
import { joinStudents } from '../../../src/strategy/index.js';

const input = [32, 32, 3] as const;
const families = ['wrn', 'mobilenet-v2', 'resnet8', 'resnet9'];
const all = studentsOf({ filters: 97, input, families });

const fits = (student: StudentCost, { parameters, memory, flops }: StudentBudget) =>
  student.parameters <= (parameters ?? Number.POSITIVE_INFINITY) &&
  student.memory <= (memory ?? Number.POSITIVE_INFINITY) &&
  student.flops <= (flops ?? Number.POSITIVE_INFINITY);

const bound = (from: number, to: number) =>
  fc.option(
    fc
      .double({ min: Math.log(from), max: Math.log(to), noNaN: true })
      .map((log) => Math.round(Math.exp(log))),
    { nil: undefined },
  );
const budget = fc.record({
  parameters: bound(5e4, 1e7),
  memory: bound(3e5, 5e7),
  flops: bound(1e6, 3e9),
});

/** The student that is picked, or null where none fits. */
function picked(of: StudentBudget): StudentCost | null {
  try {
    return largestStudent({ filters: 97, input, families, budget: of });
  } catch (error) {
    expect(String(error)).toMatch(/student budget: found .*, expected enough for a student of 97 filters/);
    return null;
  }
}

describe('the student for a budget', () => {
  it('keeps to it, and no larger one does', () => {
    fc.assert(
      fc.property(budget, (of) => {
        const student = picked(of);
        if (student === null) {
          expect(all.filter((one) => fits(one, of))).toEqual([]);
          return;
        }
        expect(fits(student, of)).toBe(true);
        expect(all.filter((one) => one.flops > student.flops && fits(one, of))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('is never smaller for a larger budget', () => {
    fc.assert(
      fc.property(budget, fc.double({ min: 1, max: 3, noNaN: true }), (of, factor) => {
        const larger = Object.fromEntries(
          Object.entries(of).map(([name, value]) => [name, value === undefined ? undefined : value * factor]),
        );
        const [first, second] = [picked(of), picked(larger)];
        if (first !== null) expect(second!.flops).toBeGreaterThanOrEqual(first.flops);
      }),
      { numRuns: 40 },
    );
  });

  it('differs on unlike boards', () => {
    const [large, small] = [3_000_000, 200_000].map((parameters) => picked({ parameters })!);
    expect(large!.flops).toBeGreaterThan(small!.flops);
    expect(large!.body).not.toBe(small!.body);
  });

  it('is refused with the nearest one and by how much it fails, where nothing fits', () => {
    expect(() => largestStudent({ filters: 64, input, families, budget: { parameters: 1000 } })).toThrow(
      /^student budget: found 1,000 parameters, expected enough for a student of 64 filters: the one that comes nearest, [\w.-]+, needs [\d,]+ parameters \([\d.]+ times the budget\)$/,
    );
  });

  it('is looked for in known families only', () => {
    expect(() => largestStudent({ filters: 64, input, budget: {}, families: ['wnr'] })).toThrow(
      /student families: found "wnr", expected one of .* \(did you mean "wrn"\?\)/,
    );
  });
});

describe('the cost of a student', () => {
  it('is that of its layers in the network of networks, all but the last layer that all share', () => {
    const body = zooNetwork('wrn-16-1');
    const joint = costOf(joinStudents('joint', [body, body], assumePartition(97, 2, [64, 33]), 10).network);
    const [first, second] = [studentCost(body, 64), studentCost(body, 33)];
    const last = (64 + 33) * 10 + 10;
    expect(joint.trainableParameters).toBe(first.parameters + second.parameters + last);
    expect(joint.flops).toBe(first.flops + second.flops + 2 * (64 + 33) * 10 + 10);
  });

  it("counts NoNN's published student: the body of WRN-16-1 and a 1x1 convolution with its normalisation", () => {
    // 175,626 trainable parameters by the authors' count, without the last dense layer of 64 x 10 + 10.
    expect(studentCost(zooNetwork('wrn-16-1'), 97).parameters).toBe(175_626 - 650 + 64 * 97 + 97 + 2 * 97);
  });

  it('takes about a quarter of the bytes with int8 weights', () => {
    const { weightBytes, parameters } = studentCost(zooNetwork('wrn-16-1'), 97);
    expect(weightBytes.int8).toBeLessThan(0.3 * weightBytes.float32);
    expect(weightBytes.int8).toBeGreaterThan(parameters);
  });
});
