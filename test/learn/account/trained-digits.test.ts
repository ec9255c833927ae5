import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { executeOnImages, mnist, spreadOver } from '../../../src/learn/index.js';
import { type Backend, openBackend } from '../../../src/runtime/index.js';
import { candidateById, designOf, loadScenario } from '../../../src/scenario/index.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const scenario = loadScenario(join(root, 'scenarios/mnist-trained.json'));
const { test } = mnist();
const images = spreadOver(test, 300);

let backend: Backend;
beforeAll(async () => {
  backend = await openBackend('tfjs-wasm');
});

describe('the digits that come trained with nonn', () => {
  it.each([
    ['on one board', 'single-cnn-16', 'teacher'],
    ['split into strips over two boards', 'horizontal-cnn-16-on-2', 'teacher'],
    ['in fused tiles on four boards', 'deepthings-cnn-16-2-2x2-on-4', 'teacher'],
    ['as one small network', 'single-cnn-13', 'single'],
    ['as a NoNN of two students', 'nonn-cnn-6-x2', 'nonn-2'],
    ['as a NoNN of four students', 'nonn-cnn-6-x4', 'nonn-4'],
  ])('are told apart %s as training predicted, on each of 300 test images', (_, id, stage) => {
    const design = designOf(scenario, candidateById(scenario, id));
    const folder = join(root, 'trained/mnist/seed-1', stage);
    expect(design.trained!.runs[0]!.folder).toBe(folder);
    const predicted = readFileSync(join(folder, 'predictions.bin'));
    const { classes } = executeOnImages(design, test, images, backend);
    expect([...classes]).toEqual(images.map((image) => predicted[image]));
  });
});
