import type { MetricSubject } from './metric-id.js';

/** A metric that has another value, one that its design no longer has, or one whose design is no longer there. */
export type MetricState = 'moved' | 'missing' | 'gone';

/** What is known of the designs that a metric is about, to tell which inputs can have moved it. */
export interface Circumstances {
  readonly subject: MetricSubject;
  readonly state: MetricState;
  /** False where none of its designs sends a message, neither before nor now. */
  readonly sends: boolean;
  /** Profiles of the devices that its designs use; null where that is not known. */
  readonly profiles: ReadonlySet<string> | null;
  /** Names of all profiles. */
  readonly profileNames: readonly string[];
}

/** Parts of a profile that say where a number comes from or how good it is, and never change a prediction. */
const PROVENANCE = new Set(['citation', 'date', 'note', 'source', 'samples', 'unknown', 'board', 'method']);
const DIAGNOSIS = /\.latency\.fit\.|\.interval\[\d+\]$|\.measuringPoint$/;

/** Whether an input can change any number at all; a citation cannot. */
export function canMatter(path: string): boolean {
  if (path === 'name' || path === 'seed') return false;
  if (!path.startsWith('profiles.')) return true;
  return !PROVENANCE.has(path.slice(path.lastIndexOf('.') + 1)) && !DIAGNOSIS.test(path);
}

/**
 * Whether an input can have moved a metric. Only what is certain is left out: the rest is listed, since a reason that
 * is missing costs more than one too many.
 */
export function canMove(path: string, circumstances: Circumstances): boolean {
  if (!canMatter(path)) return false;
  const { subject, state, sends } = circumstances;
  const [section = ''] = path.split(/[.[]/, 1);
  if (section === 'records' || section === 'accuracy')
    return state !== 'gone' && (subject.kind === 'accuracy' || subject.kind === 'pick');
  // What was trained says how accurate it is, wherever it runs.
  if (subject.kind === 'accuracy' && ['cluster', 'profiles', 'workload'].includes(section)) return false;
  if (state === 'gone') return ['candidates', 'networks', 'baseline'].includes(section);
  // The id of a design says everything of its entry but the partition.
  if (section === 'candidates') return /\.partition\b/.test(path);
  if (subject.kind === 'pick') return true;
  switch (section) {
    case 'budgets':
    case 'objectives':
      // Budgets choose among designs; they change no design.
      return false;
    case 'baseline':
      return subject.kind === 'speedup';
    case 'cluster':
      return !path.startsWith('cluster.medium.') || (sends && subject.kind !== 'bytesSent');
    case 'profiles':
      return profileCanMove(path, circumstances);
    default:
      return true;
  }
}

function profileCanMove(
  path: string,
  { subject, state, sends, profiles, profileNames }: Circumstances,
): boolean {
  if (subject.kind === 'bytesSent') return false;
  const owner = profileNames.find((name) => path.startsWith(`profiles.${name}.`));
  if (owner === undefined) return true;
  // A medium may take the loopback from a profile that no device uses.
  if (path.startsWith(`profiles.${owner}.link.loopback.`)) return sends;
  if (profiles !== null && !profiles.has(owner)) return false;
  switch (path.slice(`profiles.${owner}.`.length).split('.', 1)[0]) {
    case 'energy':
      return subject.kind === 'energyPerNode';
    case 'memory':
      // A design that no longer fits loses its speed-up.
      return subject.kind === 'memoryPerNode' || state === 'missing';
    case 'link':
      return sends;
    default:
      return true;
  }
}
