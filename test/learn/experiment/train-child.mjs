// Trains the experiment of a file on a few of the embedded digits, with a checkpoint after every step, and says each step:
// node train-child.mjs DIST EXPERIMENT OUT BACKEND.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [dist, file, out, backend] = process.argv.slice(2);
const { readDataSet, readExperiment, runExperiment } = await import(
  pathToFileURL(join(dist, 'learn', 'index.js')).href
);
const experiment = readExperiment(file);
await runExperiment({
  experiment,
  data: await readDataSet('mnist', { validation: experiment.data.validation, limit: 30 }),
  out,
  seeds: experiment.seeds,
  backend,
  threads: 1,
  checkpointSeconds: 0,
  onStep: ({ stage, position }) => process.stdout.write(`${stage} ${position.epoch}/${position.step}\n`),
});
