import { arch, cpus, platform, totalmem } from 'node:os';
import { sha256 } from '../foundation/index.js';

/** The machine that was measured. */
export interface Machine {
  /** Processor and number of its cores. */
  readonly description: string;
  /** Short hash that is another on another machine, system or version of Node.js. */
  readonly fingerprint: string;
  /** Bytes. */
  readonly memory: number;
}

export function thisMachine(): Machine {
  const processors = cpus();
  const model = processors[0]?.model.trim() || 'unnamed processor';
  const description = `${model}, ${processors.length} cores, ${platform()} ${arch()}`;
  const memory = totalmem();
  return {
    description,
    memory,
    fingerprint: sha256(`${description}/${memory}/${process.version}`).slice(0, 12),
  };
}
