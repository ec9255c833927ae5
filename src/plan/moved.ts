import { movedBytes } from '../device/index.js';
import type { Id } from '../kernel/index.js';
import type { Plan } from './plan.js';
import { homeOf } from './task.js';

/** Bytes that the kernels of all tasks of a device read and write in an inference. */
export function movedOnDevices({ tasks }: Pick<Plan, 'tasks'>): ReadonlyMap<Id, number> {
  const moved = new Map<Id, number>();
  for (const task of tasks) {
    if (task.work.kind !== 'kernels') continue;
    const device = homeOf(task);
    moved.set(device, (moved.get(device) ?? 0) + movedBytes(task.work.kernels));
  }
  return moved;
}
