export { activationOfCode } from './activation-code.js';
export { isSplittable, neededInputs, requiredRegions } from './demand.js';
export { FLOAT_BYTES, type Id, type Kernel, kernel, type Range } from './kernel.js';
export { kernelLabel } from './label.js';
export { lower, lowerWhole } from './lower.js';
export type { Held, Lowered, Step } from './lowered.js';
export { type MemoryMoment, memoryMoments, peakMemory } from './memory.js';
export { type FusedPrefix, fusedPrefix } from './prefix.js';
export type { Tile, TileLayer, TileRegion } from './tile.js';
export type { TileReuse } from './tile-reuse.js';
export {
  type FusedTiles,
  fusedTiles,
  gridRegions,
  type TileWork,
  type Tiling,
  tileWork,
} from './tiles.js';
export { isGiven, type Unit, unitInputs, units, unitsByOutput } from './unit.js';
export { foldedWeightBytes, unitWeightBytes, unitWeightElements } from './unit-weights.js';
export type { Work } from './work.js';
export { activationPeak, type TfjsRuntime, type Workspace, workspace } from './workspace/index.js';
