/** One candidate as `candidates.csv` and every table show it: numbers in SI, null where something is unknown. */
export interface Row {
  readonly id: string;
  readonly strategy: string;
  readonly network: string;
  /** Devices that compute. */
  readonly devices: number;
  readonly students: number;
  /** Trainable parameters of the whole design. */
  readonly parameters: number;
  readonly latency: number | null;
  /** Latency with every cost at the low and at the high end of its interval. */
  readonly latencyLow: number | null;
  readonly latencyHigh: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly energyPerNode: number | null;
  readonly energyMean: number | null;
  /** The figure that energy misses, where it is null. */
  readonly energyMissing: string | null;
  readonly memoryPerNode: number;
  /** Only with microcontrollers in the cluster: the largest of each memory over those that a design uses. */
  readonly flashPerNode?: number | null | undefined;
  readonly sramPerNode?: number | null | undefined;
  readonly bytesSent: number;
  /** Bytes times crossings of a shared medium. */
  readonly bytesOnAir: number;
  readonly accuracy: number | null;
  readonly accuracySource: string;
  /** Only in scenarios that name records of training: standard deviation over seeds, null of a single one. */
  readonly accuracySpread?: number | null | undefined;
  /** Seeds that the design was trained under. */
  readonly accuracySeeds?: number | undefined;
  /** What the accuracy comes from; empty where it is unknown. */
  readonly recordHash?: string | undefined;
  readonly speedup: number | null;
  readonly speedupOverSingle: number | null;
  readonly speedupOverHorizontal: number | null;
  readonly speedupOverDeepThings: number | null;
  readonly utilisation: number;
  readonly inputAt: 'source' | 'everyDevice';
  /** `assumed`, `file`, or empty for designs without one. */
  readonly partition: '' | 'assumed' | 'file';
  /** Whether kernels were predicted from profiles, or run on this machine while the plan was played. */
  readonly durations: 'predicted' | 'measured';
  /** Profiles of the devices that it uses. */
  readonly profiles: string;
  /** Mean leave-one-network-out error of these profiles' fits, as fractions; empty where it was not measured. */
  readonly fitError: number | null;
  /** Share of the predicted work that lies outside what its profile has seen. */
  readonly extrapolated: number;
  readonly feasible: boolean;
  /** What it violates, and by how much. */
  readonly violated: string;
  readonly front: boolean;
  /** What the numbers leave out. */
  readonly notes: string;
  /** What the row was made from: equal hashes mean equal numbers. */
  readonly scenarioHash: string;
  readonly profileHash: string;
  readonly networkHash: string;
  readonly engineVersion: string;
}

/** A row before it is compared with others. */
export type LoneRow = Omit<
  Row,
  'speedup' | 'speedupOverSingle' | 'speedupOverHorizontal' | 'speedupOverDeepThings' | 'front'
> & {
  /** False if it does not fit into a device's memory, whatever the budgets say. */
  readonly fits: boolean;
};
