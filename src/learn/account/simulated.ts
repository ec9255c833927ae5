import { NonnError } from '../../foundation/index.js';
import { metricsOf } from '../../metrics/index.js';
import { type Scenario, settingOf } from '../../scenario/index.js';
import { simulate } from '../../simulate/index.js';
import { devicesOf, modelPlan } from './model-plan.js';
import type { TrainedModel } from './trained-model.js';

/** What one inference takes on a scenario's devices and links, in SI. */
export interface Simulated {
  readonly scenario: string;
  readonly latency: number | null;
  readonly energyPerNode: number | null;
  /** Why a figure is missing, or what it leaves out; empty where there is nothing to say. */
  readonly note: string;
}

/** Plays one inference of a trained network on the devices of a scenario. */
export function simulated(model: TrainedModel, scenario: Scenario): Simulated {
  const unknown = (note: string) => ({ scenario: scenario.name, latency: null, energyPerNode: null, note });
  const devices = devicesOf(model);
  const available = scenario.platform.devices.length;
  if (devices > available) return unknown(`${devices} devices are needed, ${scenario.name} has ${available}`);
  try {
    const { plan } = modelPlan(model, settingOf(scenario, devices));
    const trace = simulate(plan, scenario.platform, { arrivals: 'single', seed: scenario.seed });
    const metrics = metricsOf(trace, plan, scenario.platform, { warmUp: 0 });
    const notes = [
      ...(metrics.energyMissing === null ? [] : [`energy needs ${metrics.energyMissing}`]),
      ...(metrics.energyMissing === null && !metrics.radioCounted ? ['radio not counted'] : []),
    ];
    return {
      scenario: scenario.name,
      latency: metrics.latency,
      energyPerNode: metrics.energyPerNode,
      note: notes.join('; '),
    };
  } catch (error) {
    // A figure that a profile does not know makes this cell unknown, not the account.
    if (error instanceof NonnError) return unknown(error.message);
    throw error;
  }
}
