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
  /** Of this epoch so far; null before its first step. */
  readonly epoch: {
    readonly loss: number;
    readonly accuracy: number;
    readonly imagesPerSecond: number;
  } | null;
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
  /** A checkpoint is at most so old; 45 s where it is left out, 0 for one after every step. */
  readonly checkpointSeconds?: number | undefined;
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
