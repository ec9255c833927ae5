import { quantile } from 'simple-statistics';
import { type Backend, preparePlan } from '../../runtime/index.js';
import { countOf, fillBatch, type ImageSet } from '../data/index.js';
import { devicesOf, modelPlan, plainSetting } from './model-plan.js';
import type { TrainedModel } from './trained-model.js';

/** Runs of each plan; the first ones, while V8 compiles, do not count. */
const ROUNDS = 40;
const WARM_UP = 8;
const QUANTILE = 0.1;

/**
 * Seconds that the kernels of the busiest device take on this machine, one inference at a time, in interleaved rounds:
 * the tenth part of them is faster. What a board waits for its messages is not in it.
 */
export function measureHere(
  models: readonly TrainedModel[],
  set: ImageSet,
  backend: Backend,
): readonly number[] {
  const prepared = models.map((model) => {
    const { plan, network } = modelPlan(model, plainSetting(devicesOf(model)));
    return preparePlan(plan, new Map([[network.id, network]]), { seed: 0, backend });
  });
  const input = new Float32Array(set.images.length / countOf(set));
  fillBatch(input, set, [0]);
  const seconds: number[][] = models.map(() => []);
  try {
    for (let round = 0; round < WARM_UP + ROUNDS; round++) {
      for (const [index, plan] of prepared.entries()) {
        const busy = new Map<string, number>();
        for (const { state, lane, start, finish } of plan.run(input).trace.spans)
          if (state === 'compute') busy.set(lane, (busy.get(lane) ?? 0) + finish - start);
        if (round >= WARM_UP) seconds[index]!.push(Math.max(...busy.values()));
      }
    }
  } finally {
    for (const plan of prepared) plan.dispose();
  }
  return seconds.map((runs) => quantile(runs, QUANTILE));
}
