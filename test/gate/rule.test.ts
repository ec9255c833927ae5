import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/gate/index.js';

const lower = (value: number) => ({ value, unit: 's', better: 'lower' as const });
const higher = (value: number) => ({ value, unit: 'x', better: 'higher' as const });

describe('the default rule', () => {
  it.each([
    ['1 % slower passes', lower(0.1), lower(0.101), 'pass', 0.01],
    ['1.1 % slower fails', lower(0.1), lower(0.1011), 'fail', 0.011],
    ['half the latency passes', lower(2), lower(1), 'pass', -0.5],
    ['1 % less speed-up passes', higher(3), higher(2.97), 'pass', -0.01],
    ['2 % less speed-up fails', higher(3), higher(2.94), 'fail', -0.02],
    ['more speed-up passes', higher(3), higher(6), 'pass', 1],
    ['0 that stays 0 passes', lower(0), lower(0), 'pass', 0],
    ['a negative value that grows fails', lower(-1), lower(-0.9), 'fail', 0.1],
  ] as const)('%s', (_name, old, now, verdict, change) => {
    const judged = judge(old, now);
    expect(judged.verdict).toBe(verdict);
    expect(judged.change).toBeCloseTo(change, 12);
  });

  it('fails what was 0 and is worse, without a relative change', () => {
    expect(judge(lower(0), lower(1e-12))).toMatchObject({ verdict: 'fail', change: null });
    expect(judge(higher(0), higher(1))).toMatchObject({ verdict: 'pass', change: null });
  });

  it('fails a text that is another one, and a unit that is another one', () => {
    const pick = (value: string) => ({ value, unit: 'design', better: 'same' as const });
    expect(judge(pick('a'), pick('a'))).toEqual({ verdict: 'pass', change: null });
    expect(judge(pick('a'), pick('b'))).toEqual({ verdict: 'fail', change: null });
    expect(judge({ ...lower(1), unit: 'ms' }, lower(1))).toMatchObject({
      verdict: 'fail',
      remark: 'its unit was "ms" and is "s", so the values cannot be compared',
    });
  });

  it('decides by the relative change alone, whatever the size', () => {
    const size = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
    const factor = fc
      .double({ min: 0.5, max: 2, noNaN: true })
      .filter((f) => Math.abs(Math.abs(f - 1) - 0.01) > 1e-6);
    fc.assert(
      fc.property(size, factor, (value, by) => {
        expect(judge(lower(value), lower(value * by)).verdict).toBe(by > 1.01 ? 'fail' : 'pass');
        expect(judge(higher(value), higher(value * by)).verdict).toBe(by < 0.99 ? 'fail' : 'pass');
      }),
    );
  });
});
