import { basename, dirname, resolve } from 'node:path';
import { type Cluster, type Platform, platformOf, resolveCluster } from '../device/index.js';
import { complain, hashData, NonnError, nearest, parseDocument, readJson } from '../foundation/index.js';
import { loadNetwork, type Network, withStoredWeights, zooNetwork } from '../network/index.js';
import { type Candidate, expandCandidates } from './candidate.js';
import { flatten } from './inputs.js';
import {
  type Budgets,
  type NetworkReference,
  type Objective,
  referenceName,
  type ScenarioFile,
  scenarioSchema,
} from './schema.js';
import { type TrainedRecords, weightsHash } from './trained-design.js';
import { stagesOf, trainedIn } from './trained-stages.js';

/** When and where inferences arrive, with devices by name. */
export type Workload = Omit<ScenarioFile['workload'], 'source' | 'sink'> & {
  readonly source: string;
  readonly sink: string;
};

/** A scenario that has been read and checked. */
export interface Scenario {
  /** The file's name, for messages. */
  readonly file: string;
  readonly name: string;
  readonly seed: number;
  readonly workload: Workload;
  readonly budgets: Budgets;
  readonly objectives: readonly Objective[];
  readonly baseline: string;
  readonly candidates: readonly Candidate[];
  readonly cluster: Cluster;
  readonly platform: Platform;
  /** The teacher first, then students, by name. */
  readonly networks: ReadonlyMap<string, Network>;
  readonly teacher: string;
  /** Training runs that accuracies are looked up in; null where the scenario names none. */
  readonly trained: TrainedRecords | null;
  /** Hash of the file that a network's weights come from, by the network's name, where records are named. */
  readonly weights: ReadonlyMap<string, string>;
  /** Folder that relative paths start from. */
  readonly folder: string;
  /** The scenario as it was written. */
  readonly data: unknown;
  /** Hash of the scenario as it was written. */
  readonly hash: string;
  /** Every value of the scenario as it was written, by JSON path: what `why did it change` looks up. */
  readonly inputs: Readonly<Record<string, string | number | boolean>>;
}

/** What a command line may change of a scenario. */
export interface ScenarioOverrides {
  readonly seed?: number | undefined;
}

/**
 * Reads a scenario file with everything it names: networks, profiles, cluster.
 * @throws NonnError in one sentence for whatever is wrong in it.
 */
export function loadScenario(file: string, overrides: ScenarioOverrides = {}): Scenario {
  return makeScenario(readJson(file), file, overrides);
}

/** Makes a scenario of plain data; `file` names where it came from and where relative paths start. */
export function makeScenario(data: unknown, file: string, overrides: ScenarioOverrides = {}): Scenario {
  const parsed = parseDocument(data, scenarioSchema, file);
  const folder = dirname(resolve(file));
  const networks = loadNetworks(parsed, file, folder);
  const cluster = resolveCluster(parsed.cluster, { file, path: 'cluster', folder });
  const platform = platformOf(cluster, { file, path: 'cluster' });
  const devices = platform.devices.map((device) => device.name);
  const device = (name: string | undefined, field: string) => {
    if (name === undefined) return devices[0]!;
    if (devices.includes(name)) return name;
    const expected = `a device of the cluster (${devices.join(', ')})`;
    throw complain({
      file,
      path: `workload.${field}`,
      found: `"${name}"`,
      expected,
      suggestion: nearest(name, devices),
    });
  };
  const source = device(parsed.workload.source, 'source');
  const sink = parsed.workload.sink === undefined ? source : device(parsed.workload.sink, 'sink');
  const candidates = expandCandidates(parsed);
  checkCandidates(candidates, networks, devices.length, file);
  const ids = candidates.map((candidate) => candidate.id);
  if (!ids.includes(parsed.baseline)) {
    const expected = `the id of a candidate, such as ${ids.slice(0, 3).join(', ')}`;
    throw complain({
      file,
      path: 'baseline',
      found: `"${parsed.baseline}"`,
      expected,
      suggestion: nearest(parsed.baseline, ids),
    });
  }
  const trained = loadTrained(parsed, file, folder);
  return {
    file,
    name: parsed.name ?? basename(file).replace(/\.json$/, ''),
    seed: overrides.seed ?? parsed.seed,
    workload: { ...parsed.workload, source, sink },
    budgets: parsed.budgets,
    objectives: parsed.objectives,
    baseline: parsed.baseline,
    candidates,
    cluster,
    platform,
    networks,
    teacher: referenceName(parsed.networks.teacher),
    trained,
    weights: trained === null ? new Map() : weightHashes(parsed, folder),
    folder,
    data,
    hash: hashData(data),
    inputs: { ...flatten(data), ...(trained === null ? {} : recordInputs(trained)) },
  };
}

/** The candidate of an id. @throws NonnError with the nearest id. */
export function candidateById(scenario: Scenario, id: string): Candidate {
  const found = scenario.candidates.find((candidate) => candidate.id === id);
  if (found !== undefined) return found;
  const ids = scenario.candidates.map((candidate) => candidate.id);
  throw complain({
    file: scenario.file,
    found: `no candidate "${id}"`,
    expected: `one of ${ids.slice(0, 4).join(', ')}, ... (${ids.length})`,
    suggestion: nearest(id, ids),
  });
}

function loadTrained(parsed: ScenarioFile, file: string, folder: string): TrainedRecords | null {
  if (parsed.accuracy === undefined) return null;
  const folders = [...new Set(parsed.accuracy.map((one) => resolve(folder, one)))];
  const found = folders.flatMap((one, index) => located(file, `accuracy[${index}]`, () => trainedIn(one)));
  // A folder may lie in another one that is named too.
  const byFolder = new Map(found.map((one) => [one.folder, one]));
  return located(file, 'accuracy', () => stagesOf([...byFolder.values()]));
}

function weightHashes(parsed: ScenarioFile, folder: string): ReadonlyMap<string, string> {
  const references = [parsed.networks.teacher, ...parsed.networks.students];
  return new Map(
    references.flatMap((reference) =>
      'weights' in reference && reference.weights !== undefined
        ? [[referenceName(reference), weightsHash(resolve(folder, reference.weights))]]
        : [],
    ),
  );
}

/** What accuracies come from, by path, as other inputs are: `records.mnist/teacher/seed-1.accuracy`. */
function recordInputs(trained: TrainedRecords): Record<string, string | number> {
  return Object.fromEntries(
    trained.flatMap(({ members }) =>
      members.flatMap(({ record: { experiment, stage, seed, accuracy, hashes, data } }) => {
        const path = `records.${experiment}/${stage}/seed-${seed}`;
        return [
          [`${path}.accuracy`, accuracy],
          [`${path}.data`, data.hash],
          [`${path}.network`, hashes.network],
          [`${path}.weights`, hashes.weights],
        ];
      }),
    ),
  );
}

function loadNetworks(parsed: ScenarioFile, file: string, folder: string): Map<string, Network> {
  const networks = new Map<string, Network>();
  const references = [
    { reference: parsed.networks.teacher, path: 'networks.teacher' },
    ...parsed.networks.students.map((reference, index) => ({
      reference,
      path: `networks.students[${index}]`,
    })),
  ];
  for (const { reference, path } of references) {
    const name = referenceName(reference);
    if (networks.has(name)) {
      throw complain({
        file,
        path,
        found: `"${name}" a second time`,
        expected: 'each network once',
      });
    }
    networks.set(
      name,
      located(file, path, () => networkOf(reference, name, folder)),
    );
  }
  return networks;
}

function networkOf(reference: NetworkReference, name: string, folder: string): Network {
  const network = bareNetwork(reference, name, folder);
  const { dtype, weights } = { dtype: undefined, weights: undefined, ...reference };
  const trained = weights === undefined ? network : withStoredWeights(network, resolve(folder, weights));
  return dtype === undefined ? trained : { ...trained, dtype };
}

function bareNetwork(reference: NetworkReference, name: string, folder: string): Network {
  if ('file' in reference) {
    const { network } = loadNetwork(resolve(folder, reference.file), { input: reference.input });
    // Plans and rows call it as its scenario does, whatever its file is called.
    return { ...network, id: name };
  }
  const { zoo, input, classes } = { input: undefined, classes: undefined, ...reference };
  return zooNetwork(zoo, {
    ...(input === undefined ? {} : { input }),
    ...(classes === undefined ? {} : { classes }),
  });
}

function checkCandidates(
  candidates: readonly Candidate[],
  networks: ReadonlyMap<string, Network>,
  devices: number,
  file: string,
): void {
  const seen = new Map<string, string>();
  for (const candidate of candidates) {
    const path = candidate.path;
    const wanted = candidate.bodies ?? [candidate.network];
    const unknown = wanted.findIndex((name) => !networks.has(name));
    if (unknown >= 0) {
      const field = candidate.strategy === 'nonn' ? 'student' : 'network';
      const names = [...networks.keys()];
      const suggestion = nearest(wanted[unknown]!, names);
      throw complain({
        file,
        path: `${path}.${candidate.bodies === undefined ? field : `bodies[${unknown}]`}`,
        found: `"${wanted[unknown]}"`,
        expected: `a network of the scenario (${names.join(', ')})`,
        suggestion,
      });
    }
    if (candidate.devices > devices) {
      const field =
        candidate.bodies !== undefined ? 'bodies' : candidate.strategy === 'nonn' ? 'students' : 'devices';
      const what =
        candidate.strategy === 'nonn' ? `${candidate.students} students` : `${candidate.devices} devices`;
      throw complain({
        file,
        path: `${path}.${field}`,
        found: what,
        expected: `at most the cluster's ${devices} devices`,
      });
    }
    const first = seen.get(candidate.id);
    if (first !== undefined) {
      throw complain({
        file,
        path,
        found: `the candidate ${candidate.id} a second time`,
        expected: `each design once (it is in ${first})`,
      });
    }
    seen.set(candidate.id, path);
  }
}

/** Runs something whose error does not know where in the file it comes from. */
export function located<T>(file: string, path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof NonnError) throw new NonnError(`${file}: ${path}: ${error.message}`, error.exitCode);
    throw error;
  }
}
