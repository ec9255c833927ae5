export { activationPeak } from './activation-peak.js';
export { type Workspace, workspace } from './kernel-workspace.js';
export type { TfjsRuntime } from './tape.js';
