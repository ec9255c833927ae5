// npm run accuracy -- --profile FILE... : measures this machine against its profiles and writes what came out into
// docs/accuracy.md. With --validation FILE... (what `nonn validate --json` printed) and --memory FILE... (of `npm run -s
// bench -- memory --json`) it writes saved runs instead; --date is then the day of those, and --note says how they came about.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawnNetworks } from '../bench/accuracy.mjs';
import { measure as measureMemory, spreadOf } from '../bench/memory.mjs';
import { calibratedMachine } from '../dist/calibrate/index.js';
import { root } from './steps.mjs';

const PAGE = join(root, 'docs', 'accuracy.md');
const BEGIN = '<!-- measured: npm run accuracy writes from here -->';
const END = '<!-- measured: to here -->';
const KERNELS = 300;
const SEED = 77;
/** What the rows of each kind are called. */
const titles = { kernels: 'fresh kernels', networks: 'random networks', plans: 'designs' };
/** Random networks of each family, from seeds that no calibration draws from. */
const EACH = 5;
const NETWORKS_SEED = 5;

const many = { type: 'string', multiple: true, default: [] };
const { values } = parseArgs({
  options: {
    profile: many,
    validation: many,
    memory: many,
    date: { type: 'string' },
    note: { type: 'string' },
  },
});
if (values.profile.length + values.validation.length + values.memory.length === 0) {
  process.stderr.write('accuracy: found no --profile, --validation or --memory, expected one at least\n');
  process.exit(2);
}

const saved = [...values.validation, ...values.memory];
const date = values.date ?? dayOf(saved.map((file) => statSync(file).mtime));
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const validations = values.validation.map(read);
const memories = values.memory.map(read);
for (const file of values.profile) {
  validations.push(validated(file));
  memories.push(await measureMemory({ profile: file }, (_name, fallback) => fallback));
}
const page = readFileSync(PAGE, 'utf8');
const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)];
if (before < 0 || after < before) throw new Error(`docs/accuracy.md: found no "${BEGIN}" and "${END}"`);
const text = section(validations, memories);
writeFileSync(PAGE, `${page.slice(0, before)}${BEGIN}\n${text}\n${page.slice(after)}`);
process.stdout.write(`docs/accuracy.md: ${validations.length} validations, ${memories.length} of memory\n`);

/**
 * Fresh kernels, and random networks of six families, in a process of its own: one that has run another backend is slower.
 */
function validated(profile) {
  const folder = mkdtempSync(join(tmpdir(), 'nonn-accuracy-'));
  try {
    const networks = drawnNetworks(NETWORKS_SEED, EACH, folder).map(({ file }) => file);
    const main = join(root, 'dist', 'cli', 'main.js');
    const wanted = ['--kernels', String(KERNELS), '--seed', String(SEED), '--network', ...networks];
    const output = execFileSync(
      process.execPath,
      [main, 'validate', '--profile', profile, ...wanted, '--json'],
      {
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    return JSON.parse(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function section(found, memory) {
  const { processor, cores, platform, node, backend } = calibratedMachine('tfjs-wasm');
  return [
    `On ${processor} with ${cores} cores that others share (${platform}), Node.js ${node}, TensorFlow.js ${backend}, ${date}${values.note === undefined ? '' : ` (${values.note})`}:`,
    '',
    '| runtime | rows | count | noise floor | within 5 % | within 10 % | mean | worst | Spearman | Kendall | drift | within 10 % without | mean without | by the roofline alone | by one rate |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|',
    ...found.flatMap(({ runtime, threads, drift, kinds }) =>
      Object.entries(kinds).map(([kind, comparison]) =>
        line([
          `\`${runtime}\`, ${threadsOf(threads)}`,
          titles[kind],
          ...cells(comparison),
          ...drifted(drift, comparison),
          ...naive(comparison),
        ]),
      ),
    ),
    '',
    'Kernels by family:',
    '',
    '| runtime | family | count | noise floor | within 5 % | within 10 % | mean | worst | Spearman | Kendall |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...found.flatMap(({ runtime, families }) =>
      Object.entries(families).map(([family, comparison]) =>
        line([`\`${runtime}\``, `\`${family}\``, ...cells(comparison)]),
      ),
    ),
    ...memory.flatMap(memoryLines),
  ].join('\n');
}

function cells({ learned, noiseFloor }) {
  const rank = (value) => (value === null ? '-' : value.toFixed(3));
  return [
    learned.count,
    percent(noiseFloor.within10, 0),
    percent(learned.within5, 0),
    percent(learned.within10, 0),
    percent(learned.mape),
    percent(learned.worst),
    rank(learned.spearman),
    rank(learned.kendall),
  ];
}

/** How much slower the machine is than in the calibration, and what is left of the errors without that. */
function drifted(drift, { withoutDrift }) {
  if (drift === undefined) return ['-', '-', '-'];
  const slower = drift.factor - 1;
  return [
    `${slower > 0 ? '+' : ''}${percent(slower)}`,
    percent(withoutDrift.within10, 0),
    percent(withoutDrift.mape),
  ];
}

/** Mean error of a naive model, and the learned one's over it. */
function naive({ roofline, flops, overRoofline, overFlops }) {
  const cell = (summary, ratio) =>
    summary === undefined ? '-' : `${percent(summary.mape)} (${ratio?.toFixed(2) ?? '-'})`;
  return [cell(roofline, overRoofline), cell(flops, overFlops)];
}

function memoryLines({ backend, threads, figures, within15, worst, rows }) {
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
  const exact = rows.filter((row) => row.tensorsMeasured === row.tensorsPredicted).length;
  return [
    '',
    `Resident peak of a process for each network (the median of ${rows[0].peaks.length}; one differs from it by up to ${percent(spreadOf(rows))}), \`${backend}\`, ${threadsOf(threads)}: ${percent(within15, 0)} within 15 %, worst ${percent(worst)}. ` +
      `The runtime takes ${megabytes(figures.runtimeBase)} MB; it holds ${copies(figures.weightCopies)} copies of the weights of convolutions, ${copies(figures.denseCopies)} of others, ${copies(figures.mapCopies)} of activations.` +
      ` Tensors are predicted to the byte for ${exact} of ${rows.length}.`,
    '',
    '| network | weights | predicted | measured | error |',
    '|---|---|---|---|---|',
    ...rows.map((row) =>
      line([
        `\`${row.network}\``,
        `${megabytes(row.weights)} MB`,
        `${megabytes(row.predicted)} MB`,
        `${megabytes(row.measured)} MB`,
        `${row.error > 0 ? '+' : ''}${percent(row.error)}`,
      ]),
    ),
  ];
}

/** What a profile does not know counts once. */
function copies(value) {
  return value === null ? '1' : value.toFixed(2);
}

function line(values) {
  return `| ${values.join(' | ')} |`;
}

function percent(share, digits = 1) {
  return `${(100 * share).toFixed(digits)} %`;
}

function threadsOf(threads) {
  return `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}

/** The latest of some days; today without any. */
function dayOf(times) {
  const latest = times.length === 0 ? new Date() : new Date(Math.max(...times));
  return latest.toISOString().slice(0, 10);
}
