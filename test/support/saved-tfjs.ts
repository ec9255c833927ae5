import * as tf from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';
import { written } from './network-file.js';

/** Saves a model as tfjs does, with its weights or without. @returns the path of its `model.json`. */
export async function savedModel(
  model: layers.LayersModel,
  withWeights: boolean,
  weightsFile = 'weights.bin',
): Promise<string> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (given) => {
      artifacts = given;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  const { modelTopology, weightSpecs, weightData } = artifacts!;
  const weightsManifest = withWeights ? [{ paths: [weightsFile], weights: weightSpecs }] : [];
  return written({
    'model.json': JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }),
    'weights.bin': new Uint8Array(weightData as ArrayBuffer),
  });
}
