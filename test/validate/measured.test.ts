import { describe, expect, it } from 'vitest';
import { parseProfile } from '../../src/device/index.js';
import { compare } from '../../src/validate/compare.js';
import { measureInRounds, ROUNDS, type Visit } from '../../src/validate/measured.js';
import type { Subject } from '../../src/validate/subjects.js';
import { profileData } from '../device/profile-data.js';

/** Gives out times of a script, one a round. */
function scripted(...rounds: readonly (readonly number[])[]): Visit {
  let round = 0;
  return { size: rounds[0]!.length, time: () => rounds[round++]! };
}

describe('measuring in rounds', () => {
  it('keeps the least time of each half of the rounds', async () => {
    const measured = await measureInRounds([
      scripted([5, 1], [4, 2], [7, 3], [6, 9]),
      scripted([1], [1], [1], [1]),
    ]);
    expect(measured).toEqual([
      { before: 4, after: 6 },
      { before: 1, after: 3 },
      { before: 1, after: 1 },
    ]);
  });

  it('visits everything once a round, in turns', async () => {
    const order: string[] = [];
    const visit = (name: string): Visit => ({
      size: 1,
      time() {
        order.push(name);
        return [1];
      },
    });
    await measureInRounds([visit('a'), visit('b')]);
    expect(order).toEqual(Array.from({ length: ROUNDS }, () => ['a', 'b']).flat());
  });
});

describe('a machine that becomes half as fast while it is validated', async () => {
  const profile = parseProfile(profileData(), 'here.json');
  const subjects: Subject[] = [1e-3, 2e-3].map((seconds, index) => ({
    kind: 'networks',
    name: `network ${index}`,
    predicted: { seconds, low: seconds, high: seconds, source: 'predicted' },
    works: [],
  }));
  const drifting = [1, 1, 2, 2].map((slower) => subjects.map(({ predicted }) => predicted.seconds * slower));
  const result = compare(profile, 1, subjects, await measureInRounds([scripted(...drifting)]));

  it('shows in the noise floor and not in the errors', () => {
    expect(result.noiseFloor).toEqual({ within5: 0, within10: 0, mean: 1 });
    expect(result.networks).toMatchObject({ count: 2, within5: 1, mape: 0, kendall: 1 });
  });

  it('does not show in the noise floor where it changed before: that is a drift since the calibration', async () => {
    const slow = [2, 2, 2, 2].map((slower) => subjects.map(({ predicted }) => predicted.seconds * slower));
    const later = compare(profile, 1, subjects, await measureInRounds([scripted(...slow)]));
    expect(later.noiseFloor.within10).toBe(1);
    expect(later.networks).toMatchObject({ within10: 0, mape: 0.5, kendall: 1 });
  });
});
