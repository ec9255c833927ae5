import { complain, readJson, show } from '../../../foundation/index.js';
import type { Network } from '../../network.js';
import { importGraphModel } from './graph-model.js';
import { importLayersModel } from './layers-model.js';
import { readManifest } from './manifest.js';
import { isObject } from './plain-object.js';

export interface TfjsOptions {
  /** Height and width of the input where the file leaves them open. */
  readonly input?: number | undefined;
}

/**
 * The network of a tfjs `model.json`: a layers model (Keras' layers by name) or a graph model (operations of TensorFlow).
 * @throws NonnError in one sentence for what cannot be imported.
 */
export function importTfjs(file: string, id: string, options: TfjsOptions): Network {
  const data = readJson(file);
  if (!isObject(data)) throw complain({ file, found: show(data), expected: 'a tfjs model.json' });
  const weights = readManifest(data['weightsManifest'], file);
  const topology = isObject(data['modelTopology']) ? data['modelTopology'] : data;
  if (Array.isArray(topology['node'])) return importGraphModel(topology, data, weights, file, id, options);
  const model = isObject(topology['model_config']) ? topology['model_config'] : topology;
  if (typeof model['class_name'] === 'string') return importLayersModel(model, weights, file, id, options);
  throw complain({
    file,
    path: 'modelTopology',
    found: `the fields ${Object.keys(topology).slice(0, 5).join(', ')}`,
    expected: '"class_name" of a tfjs layers model or "node" of a graph model',
  });
}
