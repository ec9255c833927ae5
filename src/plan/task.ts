import type { Id } from '../kernel/index.js';
import type { Task } from './plan.js';
import type { Span } from './trace.js';

/** The device that a task runs on, of a pool's task the one that it runs on unless it is stolen. */
export function homeOf({ place }: Pick<Task, 'place'>): Id {
  return 'device' in place ? place.device : place.home;
}

/** What a processor is said to do while it runs a task. */
export function stateOf({ work }: Pick<Task, 'work'>): Span['state'] {
  return work.kind === 'encode' || work.kind === 'decode' ? work.kind : 'compute';
}
