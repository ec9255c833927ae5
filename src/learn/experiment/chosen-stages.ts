import { complain, nearest } from '../../foundation/index.js';
import type { Experiment, Stage } from './config.js';
import { sourceStages } from './source-stage.js';

/**
 * Stages of these ids and those that they learn or start from, in the order of the experiment.
 * @param ids all where they are left out.
 * @throws NonnError for an id that the experiment does not have.
 */
export function chosenStages(
  { name, stages }: Experiment,
  ids: readonly string[] | undefined,
): readonly Stage[] {
  if (ids === undefined) return stages;
  const known = stages.map(({ id }) => id);
  const wanted = new Set<string>();
  for (const id of ids) {
    const stage = stages.find((one) => one.id === id);
    if (stage === undefined)
      throw complain({
        file: `experiment ${name}`,
        path: 'stages',
        found: `no stage "${id}"`,
        expected: `one of ${known.join(', ')}`,
        suggestion: nearest(id, known),
      });
    wanted.add(id);
  }
  for (const stage of stages.toReversed()) {
    if (wanted.has(stage.id)) for (const needed of sourceStages(stage)) wanted.add(needed);
  }
  return stages.filter(({ id }) => wanted.has(id));
}
