import type { Platform } from '../device/index.js';
import { liveCosts, openBackend } from '../runtime/index.js';
import { type Candidate, designOf, type Scenario } from '../scenario/index.js';

/** The scenario's links with this machine's kernels in the place of its boards'; whose power nobody has measured. */
export async function platformOfThisMachine(
  scenario: Scenario,
  candidates: readonly Candidate[],
): Promise<Platform> {
  const backend = await openBackend('tfjs-wasm');
  const costs = liveCosts(scenario.platform.costs, backend);
  // All at once and interleaved: more exact than plan by plan, and no more work.
  costs.measure(
    candidates.flatMap((candidate) => designOf(scenario, candidate).plan.tasks.map(({ work }) => work)),
  );
  const unknown = { idle: null, compute: null, send: null, receive: null };
  return {
    ...scenario.platform,
    devices: scenario.platform.devices.map((device) => ({
      ...device,
      power: unknown,
      powerPath: 'this machine: energy',
    })),
    costs,
  };
}
