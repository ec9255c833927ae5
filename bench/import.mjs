// Networks from files: the light models of the Python package onnx against ONNX Runtime, and files that are damaged at random.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomStream, residentPeak } from '../dist/foundation/index.js';
import { costOf, loadNetwork } from '../dist/network/index.js';
import { executeWhole, openBackend } from '../dist/runtime/index.js';

export async function measure(values, number) {
  const folder = mkdtempSync(join(tmpdir(), 'nonn-import-'));
  try {
    const models = python(values.python, 'light_models.py', [folder, ...(values.models?.split(',') ?? [])]);
    if (models.skipped !== undefined) return models;
    const backend = await openBackend('tfjs-wasm');
    const seed = number('seed', 1, 0);
    const operators = python(values.python, 'onnx_operators.py', [join(folder, 'operators'), String(seed)]);
    const rows = models.models.map((model) => compare(model, backend));
    return {
      versions: models.versions,
      models: rows,
      operators: compareOperators(operators.cases ?? [], backend),
      load: rows.length === 0 ? null : loadAlone(models.models),
      corruption: corrupt(models.models, folder, number('corruptions', 10_000), seed),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function describe(result) {
  if (result.skipped !== undefined) return [['light models', `skipped: ${result.skipped}`]];
  const { corruption, load, operators } = result;
  return [
    ...result.models.map(({ name, counted, error, spread, seconds }) => [
      name,
      `${counted} counts, at most ${error.toExponential(1)} off ONNX Runtime (inputs ${spread.toExponential(1)} apart), imported in ${(1000 * seconds).toFixed(0)} ms`,
    ]),
    [
      'single operators',
      `${operators.equal} equal, ${operators.refused.length} refused in a sentence, ${operators.other.length} other${operators.other.length === 0 ? '' : `: ${operators.other.join(', ')}`}`,
    ],
    [
      `${load.name} alone`,
      `${(load.bytes / 1e6).toFixed(0)} MB in ${load.seconds.toFixed(2)} s, ${(load.resident / load.bytes).toFixed(2)} times the file above an idle process`,
    ],
    [
      `${corruption.count} damaged files`,
      `${corruption.imported} imported, ${corruption.refused} refused in a sentence, ${corruption.crashed} crashed; longest ${(1000 * corruption.longest).toFixed(0)} ms, peak ${(corruption.peak / 2 ** 20).toFixed(0)} MiB`,
    ],
  ];
}

/** What a script of Python prints as JSON, or why it does not. */
function python(command = 'python3', script, args) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { status, stdout, stderr, error } = spawnSync(command, [path, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (error !== undefined) return { skipped: `${command} is not there; give another with --python` };
  if (status !== 0) return { skipped: `${command} says: ${stderr.trim().split('\n').at(-1)}` };
  return JSON.parse(stdout);
}

function compare({ name, path, counts }, backend) {
  const begun = performance.now();
  const { network } = loadNetwork(path);
  const cost = costOf(network);
  const seconds = (performance.now() - begun) / 1000;
  const equal = counts === null || Object.entries(counts).every(([field, value]) => cost[field] === value);
  const outputs = [0, 1].map((index) =>
    executeWhole(network, floats(`${path}.input${index}`), { seed: 1, backend }),
  );
  const wanted = [0, 1].map((index) => floats(`${path}.output${index}`));
  return {
    name,
    counted: counts === null ? 'no' : equal ? 'equal' : 'OTHER',
    error: Math.max(...outputs.map((output, index) => distance(output, wanted[index]))),
    spread: distance(outputs[0], outputs[1]),
    seconds,
  };
}

/** Small models of single operators, each drawn at random: equal to ONNX Runtime, refused in a sentence, or other. */
function compareOperators(cases, backend) {
  const result = { equal: 0, refused: [], other: [] };
  for (const { name, path } of cases) {
    let network;
    try {
      network = loadNetwork(path).network;
    } catch {
      result.refused.push(name);
      continue;
    }
    const output = executeWhole(network, floats(`${path}.input`), { seed: 1, backend });
    if (distance(output, floats(`${path}.output`)) < 1e-3) result.equal++;
    else result.other.push(name);
  }
  return result;
}

function floats(file) {
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** max |a - b| / max |b|. */
function distance(a, b) {
  let [difference, most] = [0, 0];
  for (let index = 0; index < b.length; index++) {
    difference = Math.max(difference, Math.abs(a[index] - b[index]));
    most = Math.max(most, Math.abs(b[index]));
  }
  return a.length === b.length ? difference / most : Number.POSITIVE_INFINITY;
}

/** One import in a process of its own, whose peak of resident memory is compared with that of an idle one. */
function loadAlone(models) {
  const { name, path } = models.find((model) => model.name === 'resnet50') ?? models[0];
  const network = new URL('../dist/network/index.js', import.meta.url).href;
  const foundation = new URL('../dist/foundation/index.js', import.meta.url).href;
  const peak = (body) => {
    const script = `import { loadNetwork, costOf } from ${JSON.stringify(network)}; ${body} const { residentPeak } = await import(${JSON.stringify(foundation)}); console.log(JSON.stringify({ seconds: globalThis.seconds, peak: residentPeak() }));`;
    return JSON.parse(
      spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stdout,
    );
  };
  const idle = peak('');
  const loaded = peak(
    `const begun = performance.now(); costOf(loadNetwork(${JSON.stringify(path)}).network); globalThis.seconds = (performance.now() - begun) / 1000;`,
  );
  return { name, bytes: statSync(path).size, seconds: loaded.seconds, resident: loaded.peak - idle.peak };
}

/** Files that are cut off, overwritten, moved or grown at random; in a process of its own, whose memory is its alone. */
function corrupt(models, folder, count, seed) {
  const { path } = [...models].sort((a, b) => statSync(a.path).size - statSync(b.path).size)[0];
  const self = fileURLToPath(import.meta.url);
  const { stdout, status } = spawnSync(
    process.execPath,
    [self, path, join(folder, 'damaged.onnx'), count, seed],
    {
      encoding: 'utf8',
    },
  );
  return status === 0
    ? JSON.parse(stdout)
    : { count, crashed: count, imported: 0, refused: 0, longest: 0, peak: 0 };
}

function damage(bytes, random) {
  // The description of the graph is a small part of a file that is full of weights.
  const place = () => random.integer(random.integer(2) === 0 ? bytes.length : Math.min(bytes.length, 20_000));
  const copy = Buffer.from(bytes);
  switch (random.integer(4)) {
    case 0:
      return copy.subarray(0, place());
    case 1:
      for (let times = 1 + random.integer(8); times > 0; times--) copy[place()] = random.integer(256);
      return copy;
    case 2:
      return copy.copyWithin(place(), place(), place());
    default: {
      const at = place();
      const huge = Buffer.from(Array.from({ length: random.integer(12) }, () => 128 + random.integer(128)));
      return Buffer.concat([copy.subarray(0, at), huge, copy.subarray(at)]);
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path, target, count, seed] = process.argv.slice(2);
  const bytes = readFileSync(path);
  const random = randomStream(Number(seed), 'bench/import');
  const result = { count: Number(count), imported: 0, refused: 0, crashed: 0, longest: 0, peak: 0 };
  for (let done = 0; done < result.count; done++) {
    writeFileSync(target, damage(bytes, random));
    const begun = performance.now();
    try {
      costOf(loadNetwork(target).network);
      result.imported++;
    } catch (error) {
      const isSentence = error.name === 'NonnError' && !/\n|no check foresaw/.test(error.message);
      result[isSentence ? 'refused' : 'crashed']++;
    }
    result.longest = Math.max(result.longest, (performance.now() - begun) / 1000);
  }
  result.peak = residentPeak();
  process.stdout.write(JSON.stringify(result));
}
