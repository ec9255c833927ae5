import type { DeviceProfile } from '../device/index.js';
import { note } from './output.js';

/** Says on stderr, once for each profile, that it was calibrated on another machine or with other versions. */
export async function warnOfOtherMachine(
  profiles: Iterable<DeviceProfile>,
  options: { readonly quiet: boolean },
): Promise<void> {
  const calibrated = [...new Set(profiles)].filter(({ machine }) => machine !== undefined);
  if (calibrated.length === 0) return;
  // Loads the runtime, which a simulation from published profiles does without.
  const { machineWarning } = await import('../calibrate/index.js');
  for (const profile of calibrated) {
    const warning = machineWarning(profile);
    if (warning !== null) note(`nonn: warning: ${warning}`, options);
  }
}
