import { least, type Rounds, type Runnable, timeInterleaved } from '../runtime/index.js';

/** Something to run that must be made ready first and put away afterwards. */
export interface Subject {
  readonly name: string;
  prepare(): Runnable & { dispose(): void };
}

/** Least seconds of a subject before and after all others were measured. */
export interface Measured {
  readonly before: number;
  readonly after: number;
}

/** One subject at a time has its weights in memory. */
const rounds: Rounds = { most: 30, least: 1, seconds: 0.7 };

/** Measures subjects one by one, and then all of them again. */
export function measureTwice(
  subjects: readonly Subject[],
  onProgress: (done: number) => void = () => {},
): readonly Measured[] {
  let done = 0;
  const measure = (subject: Subject) => {
    const ready = subject.prepare();
    try {
      return least(timeInterleaved([ready], rounds)[0]!);
    } finally {
      ready.dispose();
      onProgress(++done);
    }
  };
  const before = subjects.map(measure);
  return subjects.map((subject, index) => ({ before: before[index]!, after: measure(subject) }));
}
