// npm run native: puts TensorFlow's native kernels (@tensorflow/tfjs-node, an optional peer dependency) into
// node_modules. The vendor's own install is tried first; where that does not work (it downloads from a storage bucket),
// the libraries are taken out of TensorFlow's package for Python, and the binding is built here. Both stay in a cache
// folder outside node_modules, so that after a clean install this command only links them. It can be stopped and run again.
import { parseArgs } from 'node:util';
import {
  cacheFolder,
  clearOrigin,
  hasLibraries,
  isComplete,
  keep,
  link,
  origins,
  unlink,
} from './native/cache.mjs';
import { buildBinding, takeLibraries } from './native/from-packages.mjs';
import { installPackage } from './native/package.mjs';
import { missingForAny, missingForPackages } from './native/requirements.mjs';
import { trial } from './native/trial.mjs';
import { vendorInstall } from './native/vendor.mjs';

try {
  const { values } = parseArgs({
    options: { 'skip-vendor': { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) help();
  else {
    const rate = await native(values);
    console.log(`Native kernels work: a 3x3 convolution runs at ${rate.toFixed(0)} GFLOP/s in one thread.`);
    console.log(`Libraries and binding are kept in ${cacheFolder()}`);
  }
} catch (error) {
  console.error(`native: ${error.message}`);
  process.exitCode = 1;
}

function help() {
  console.log(`npm run native                    installs native kernels, or links those that the cache has
npm run native -- --skip-vendor   the same without trying the vendor's download
The cache is ${cacheFolder()}; NONN_CACHE names another folder for it.`);
}

/** @returns GFLOP/s of the kernels that are installed now. */
async function native({ 'skip-vendor': skipVendor }) {
  refuse(missingForAny());
  await step('package @tensorflow/tfjs-node, without its script', installPackage);
  // Libraries without a binding are there when the second way was stopped: it goes on.
  const skipsVendor = skipVendor || (hasLibraries('packages') && !isComplete('packages'));
  return (await fromCache()) ?? (skipsVendor ? undefined : await fromVendor()) ?? (await fromPackages());
}

async function fromCache() {
  for (const origin of origins.filter(isComplete)) {
    link(origin);
    const { rate, problem } = await step('libraries and binding of the cache', trial);
    if (rate !== undefined) return rate;
    console.log(`        they do not run (${problem})`);
    clearOrigin(origin);
  }
  return undefined;
}

async function fromVendor() {
  unlink();
  const failure = await step("the vendor's install", vendorInstall);
  const { rate, problem } = failure === undefined ? await trial() : { problem: failure };
  if (rate !== undefined) keep('vendor');
  else console.log(`        it does not work here (${problem})`);
  return rate;
}

async function fromPackages() {
  refuse(missingForPackages());
  await step("libraries out of TensorFlow's package for Python", takeLibraries);
  link('packages');
  await step('binding, built here', buildBinding);
  const { rate, problem } = await trial();
  if (rate !== undefined) return rate;
  clearOrigin('packages');
  throw new Error(`found that the kernels do not run after they were built (${problem})`);
}

function refuse(missing) {
  if (missing.length > 0) throw new Error(`found no ${missing.join('; no ')}`);
}

async function step(name, work) {
  const begun = performance.now();
  const result = await work();
  console.log(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${name}`);
  return result;
}
