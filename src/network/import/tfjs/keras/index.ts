import type { LayerImport } from '../layer-reader.js';
import { activationLayers } from './activation.js';
import { combineLayers } from './combine.js';
import { movementLayers } from './movement.js';
import { windowLayers } from './window.js';

/** Layers of Keras and tfjs that nonn imports, by the name of their class. */
export const kerasLayers: ReadonlyMap<string, LayerImport> = new Map(
  Object.entries({ ...windowLayers, ...activationLayers, ...combineLayers, ...movementLayers }),
);
