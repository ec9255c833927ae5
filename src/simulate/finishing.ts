import type { Plan } from '../plan/index.js';

/**
 * The activities (tasks, then messages, numbered in the order of the file) with whose last one the output
 * stands at the sink: the tasks that write its piece there; else the tasks that decode it there; else the
 * messages that bring it. Of a plan without output: all of them.
 */
export function finishingActivities(plan: Plan): ReadonlySet<number> {
  const { tasks, messages, output } = plan;
  const all = tasks.length + messages.length;
  if (output === undefined) return new Set(Array.from({ length: all }, (_, index) => index));
  const { piece, device } = output;
  const where = (wanted: (task: Plan['tasks'][number]) => boolean) =>
    tasks.flatMap((task, index) => (wanted(task) ? [index] : []));
  const at = (task: Plan['tasks'][number]) => 'device' in task.place && task.place.device === device;
  const written = where((task) => at(task) && task.work.kind !== 'encode' && task.writes.includes(piece));
  if (written.length > 0) return new Set(written);
  const decoded = where((task) => at(task) && task.work.kind === 'decode' && task.reads.includes(piece));
  if (decoded.length > 0) return new Set(decoded);
  const brought = messages.flatMap((message, index) =>
    message.to === device && message.pieces.includes(piece) ? [tasks.length + index] : [],
  );
  return new Set(brought);
}
