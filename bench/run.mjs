// npm run -s bench -- NAME [options] [--json]: measures a claim of speed and prints it, as a table or as JSON.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Name of each bench, the options that it takes, and the file that has it. */
const benches = {
  mm1: {
    file: './mm1.mjs',
    options: { customers: { type: 'string' }, seed: { type: 'string' }, seeds: { type: 'string' } },
    usage:
      'mm1 [--customers N] [--seed S] [--seeds K]   a queue of one server, customers a second against SimPy',
  },
  plan: {
    file: './plan.mjs',
    options: { plan: { type: 'string' }, activities: { type: 'string' }, seed: { type: 'string' } },
    usage:
      'plan [--plan FILE | --activities N --seed S]     a task graph, activities a second against SimGrid',
  },
  kernels: {
    file: './kernels.mjs',
    options: { threads: { type: 'string' } },
    usage:
      'kernels [--threads N]                            native kernels, wasm and plain JavaScript side by side',
  },
  training: {
    file: './training.mjs',
    options: { threads: { type: 'string' } },
    usage:
      'training [--threads N]                           training steps on native kernels, wasm and plain JavaScript',
  },
  overhead: {
    file: './overhead.mjs',
    options: { backend: { type: 'string' }, threads: { type: 'string' } },
    usage:
      "overhead [--backend NAME] [--threads N]          networks through nonn's runtime against bare calls of tfjs",
  },
  memory: {
    file: './memory.mjs',
    options: {
      backend: { type: 'string' },
      threads: { type: 'string' },
      profile: { type: 'string' },
      networks: { type: 'string' },
      runs: { type: 'string' },
    },
    usage:
      'memory [--backend NAME | --profile FILE] [--networks A,B] [--runs N]   resident peak of processes (the median of 3) against prediction',
  },
  boards: {
    file: './boards.mjs',
    options: { param: { type: 'string' } },
    usage:
      "boards [--param FILE,FILE]                       boards' errors on left-out networks; or ncnn networks on every board",
  },
  microcontrollers: {
    file: './microcontrollers.mjs',
    options: { rows: { type: 'string' } },
    usage:
      "microcontrollers [--rows FILE]                   microcontrollers' errors on left-out networks; or on rows of MLPerf Tiny",
  },
  accuracy: {
    file: './accuracy.mjs',
    options: { profile: { type: 'string' }, each: { type: 'string' }, seed: { type: 'string' } },
    usage:
      'accuracy --profile FILE [--each N] [--seed S]    random networks of six families, predicted and measured',
  },
  resume: {
    file: './resume.mjs',
    options: {
      backend: { type: 'string' },
      budget: { type: 'string' },
      kernels: { type: 'string' },
      each: { type: 'string' },
      seed: { type: 'string' },
    },
    usage:
      'resume [--backend NAME] [--budget SECONDS] [--kernels N] [--each N]   an unbroken calibration against a killed one',
  },
  import: {
    file: './import.mjs',
    options: {
      python: { type: 'string' },
      models: { type: 'string' },
      corruptions: { type: 'string' },
      seed: { type: 'string' },
    },
    usage:
      'import [--python FILE] [--models A,B] [--corruptions N]   networks from files against ONNX Runtime, and damaged files',
  },
};

class Wrong extends Error {}

async function main([name, ...rest]) {
  if (name === undefined || name === '--help') return usage();
  const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (bench === undefined)
    throw new Wrong(`bench: found "${name}", expected one of ${Object.keys(benches).join(', ')}`);
  const { values } = parse(name, rest, bench.options);
  makeSureOfBuild();
  const { measure, describe } = await import(bench.file);
  const number = (option, fallback, least = 1) => wholeNumber(name, option, values[option], fallback, least);
  const result = await measure(values, number);
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : table(describe(result)));
}

function usage() {
  const lines = Object.values(benches).map((bench) => `  npm run -s bench -- ${bench.usage}`);
  process.stdout.write(`${lines.join('\n')}\n  Each takes --json.\n`);
}

function parse(name, args, options) {
  try {
    return parseArgs({ args, options: { ...options, json: { type: 'boolean' } }, strict: true });
  } catch (error) {
    throw new Wrong(
      `bench ${name}: found ${error.message.split(/\.\s/)[0]}, expected ${benches[name].usage.split('   ')[0]}`,
    );
  }
}

function wholeNumber(name, option, text, fallback, least) {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new Wrong(`bench ${name}: --${option}: found "${text}", expected a whole number from ${least} on`);
  return value;
}

/** Benches run what was built; without a build they make one, and say so on stderr. */
function makeSureOfBuild() {
  if (existsSync(join(root, 'dist', 'simulate', 'index.js'))) return;
  process.stderr.write('bench: found no build in dist/, so it is made first\n');
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0)
    throw new Wrong('bench: found a build that fails, expected one from "npm run build" in dist/');
}

/** Aligned lines of a label and what was measured. */
function table(rows) {
  const width = Math.max(...rows.map(([label]) => label.length));
  return `${rows.map(([label, value]) => `${label.padEnd(width)}  ${value}`).join('\n')}\n`;
}

main(process.argv.slice(2)).catch((error) => {
  const meant = error instanceof Wrong || error.name === 'NonnError';
  process.stderr.write(`${meant ? error.message : error.stack}\n`);
  process.exitCode = 2;
});
