import { readFileSync } from 'node:fs';

const KIBIBYTE = 1024;

/**
 * Most bytes that this process had resident so far. What getrusage says begins with the peak of the process that started
 * this one, as a fork shares its memory until the program is loaded; Linux's own count (proc_pid_status(5), VmHWM) begins
 * with the program.
 */
export function residentPeak(): number {
  const counted = linuxCount();
  return KIBIBYTE * (counted ?? process.resourceUsage().maxRSS);
}

/** In KiB; undefined where the system keeps no such file. */
function linuxCount(): number | undefined {
  try {
    const [, count] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return count === undefined ? undefined : Number(count);
  } catch {
    return undefined;
  }
}
