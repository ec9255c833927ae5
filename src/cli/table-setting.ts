import type { Row } from '../explore/index.js';
import type { DesignTableOptions } from '../report/index.js';
import type { Scenario } from '../scenario/index.js';

/** How a terminal shows the rows of a scenario that has just been played. */
export function tableSetting(scenario: Scenario, pick?: Row | null): DesignTableOptions {
  return {
    title: scenario.name,
    pick: pick?.id,
    baseline: scenario.baseline,
    inputType: scenario.workload.inputType,
    width: 'narrow',
  };
}
