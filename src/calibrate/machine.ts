import { arch, cpus, platform, totalmem } from 'node:os';
import { type CalibratedMachine, type DeviceProfile, machineDifferences } from '../device/index.js';
import { sha256 } from '../foundation/index.js';
import { type BackendName, backendNames, backendVersion } from '../runtime/index.js';

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
  const { processor, cores, platform: system } = calibratedMachine('tfjs-wasm');
  const description = `${processor}, ${cores} cores, ${system}`;
  const memory = totalmem();
  return {
    description,
    memory,
    fingerprint: sha256(`${description}/${memory}/${process.version}`).slice(0, 12),
  };
}

/** This machine with a backend, as a profile keeps it. */
export function calibratedMachine(backend: BackendName): CalibratedMachine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() || 'unnamed processor',
    // Some systems show no processors.
    cores: Math.max(1, processors.length),
    platform: `${platform()} ${arch()}`,
    node: process.versions.node,
    backend: backendVersion(backend) ?? 'not installed',
  };
}

/**
 * One sentence about a profile that was calibrated on a machine other than this, or with other versions; null where it
 * was calibrated here, or was not calibrated at all.
 */
export function machineWarning({ name, machine, runtime }: DeviceProfile): string | null {
  const backend = backendNames.find((one) => one === runtime);
  if (machine === undefined || backend === undefined) return null;
  const differences = machineDifferences(calibratedMachine(backend), machine);
  return differences.length === 0
    ? null
    : `profile ${name}: calibrated with ${differences.join(', ')}, so its times are not those of this machine`;
}
