import type { BackendName } from '../../runtime/index.js';
import type { DataSet } from '../data/index.js';
import type { EpochLog, Position } from '../train/index.js';
import type { Experiment, Stage } from './config.js';

/** Where a training stands, for whoever watches. */
export interface TrainingProgress {
  readonly seed: number;
  readonly stage: string;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly position: Position;
  /** At the pace since it was started; not a number before its first step. */
  readonly secondsLeft: number;
}

/** What all stages of an experiment share. */
export interface ExperimentSetting {
  readonly experiment: Experiment;
  readonly data: DataSet;
  /** Folder of all that is written. */
  readonly out: string;
  readonly backend: BackendName;
  readonly threads: number;
  readonly onStep?: ((progress: TrainingProgress) => void) | undefined;
  readonly onEpoch?: ((seed: number, stage: string, log: EpochLog) => void) | undefined;
}

/** One network of an experiment under one seed. */
export interface StageSetting extends ExperimentSetting {
  readonly stage: Stage;
  readonly seed: number;
  /** Folder of what it comes to. */
  readonly folder: string;
}
