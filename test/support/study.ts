import { type Result, resultOf, sweep } from '../../src/explore/index.js';
import { makeScenario } from '../../src/scenario/index.js';

/** A scenario of a few designs, as a person would write it. */
export function studyData() {
  return {
    name: 'study',
    networks: { teacher: 'wrn-16-2', students: ['wrn-10-1'] },
    cluster: {
      devices: [{ profile: 'raspberry-pi-3b-plus', count: 4, threads: 4 }],
      medium: { kind: 'shared', rate: '24.5 Mbit/s' },
    },
    workload: { arrivals: 'single', inputAt: 'source', inputType: 'uint8' },
    budgets: { latency: '1 s' } as Record<string, string>,
    candidates: [
      { strategy: 'single' },
      { strategy: 'horizontal', devices: [2] },
      {
        strategy: 'nonn',
        student: 'wrn-10-1',
        students: [2, 3],
        partition: { assumed: 'equal' },
      },
    ] as Record<string, unknown>[],
    baseline: 'single-wrn-16-2',
    seed: 1,
  };
}

/** What a sweep of the study finds, after a change of its scenario. */
export async function studyResult(
  change: (data: ReturnType<typeof studyData>) => void = () => {},
): Promise<Result> {
  const data = studyData();
  change(data);
  const scenario = makeScenario(data, 'study.json');
  return resultOf(scenario, await sweep(scenario));
}
