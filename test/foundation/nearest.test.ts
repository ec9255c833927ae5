import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/foundation/index.js';

describe('the nearest valid name', () => {
  it.each([
    ['swep', ['sweep', 'simulate'], 'sweep'],
    ['WRN-16-2', ['wrn-16-1', 'wrn-16-2'], 'wrn-16-2'],
    ['raspbery-pi-4', ['raspberry-pi-4b', 'raspberry-pi-3b-plus'], 'raspberry-pi-4b'],
    ['x', ['id', 'to'], undefined],
    ['bananas', ['sweep', 'simulate'], undefined],
    ['', ['a'], undefined],
    ['a'.repeat(1e6), ['a'], undefined],
  ])('of %.20s among %j is %s', (name, valid, expected) => {
    expect(nearest(name, valid)).toBe(expected);
  });

  it('is the name itself where it is valid', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z-]{1,20}$/), { minLength: 1 }), (valid) => {
        expect(nearest(valid.at(-1)!, valid)).toBe(valid.at(-1));
      }),
    );
  });
});
