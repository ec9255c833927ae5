/* Makes the table that microcontroller profiles are fitted to, of MLPerf Tiny's rows; see fit-microcontrollers.mjs. */
import { latencyFamily, rowLength, workShape } from '../dist/device/index.js';
import { documentText, readJson } from '../dist/foundation/index.js';
import { FLOAT_BYTES, lowerWhole } from '../dist/kernel/index.js';
import { NetworkBuilder, zooNetwork } from '../dist/network/index.js';

/** MLPerf Tiny's reference models, by the name of their benchmark. */
export function referenceNetworks() {
  return {
    ic: zooNetwork('resnet8'),
    kws: zooNetwork('ds-cnn-s'),
    vww: zooNetwork('mobilenet-v1-0.25', { input: 96, classes: 2 }),
    ad: autoencoder(),
  };
}

/** Fully connected, 640 inputs, four layers of 128, 8, four layers of 128, 640 (Banbury et al., 2021, section 4). */
function autoencoder() {
  const builder = new NetworkBuilder('ad');
  let last = builder.input([1, 1, 640], 'input');
  for (const units of [128, 128, 128, 128, 8, 128, 128, 128, 128])
    last = builder.relu(builder.batchNorm(builder.dense(last, { units })));
  return builder.build(builder.dense(last, { units: 640 }));
}

/** Cores that run these kernels as software: an accelerator or a phone is no microcontroller's core. */
const cores = [
  [/H7A3|F746/i, 'Cortex-M7'],
  [/G0B1/i, 'Cortex-M0+'],
  [/RA8D1/i, 'Cortex-M85'],
  [/xG24/i, 'Cortex-M33 with MVP'],
  [/U575|U585|U385|NRF5340|RA6M4/i, 'Cortex-M33'],
  [/L4R5|CY8C|M467/i, 'Cortex-M4'],
  [/RX65N/i, 'RXv2'],
];

/** Names of one board under which submitters wrote it. */
const boards = [
  [/L4R5ZI-P/i, 'NUCLEO-L4R5ZI-P'],
  [/L4R5/i, 'NUCLEO-L4R5ZI'],
  [/H7A3/i, 'NUCLEO-H7A3ZI-Q'],
  [/NRF5340/i, 'nRF5340 DK'],
];

const find = (rules, of) => rules.find(([pattern]) => pattern.test(of))?.[1];

/**
 * Whose software, and which generation. STMicroelectronics states versions from v1.1 on; v1.0's times are those of X-CUBE-AI
 * 7.3, which Krai ran. Versions 9.0 and 10.2 give the same times on the same boards, and count as one.
 */
function softwareOf({ submitter, system, version }) {
  const who = submitter.toLowerCase();
  const stated = /X-CUBE-AI-(\d)/.exec(system)?.[1];
  const st = stated ?? { 'v0.7': '6', 'v1.0': '7', 'v1.1': '8', 'v1.2': '9', 'v1.3': '9' }[version];
  if (who === 'stmicroelectronics' || stated !== undefined)
    return { maker: 'STMicroelectronics', software: `X-CUBE-AI ${st}` };
  if (/cmsis/i.test(system)) return { maker: 'microTVM with CMSIS-NN', software: 'microTVM with CMSIS-NN' };
  if (/microtvm/i.test(system)) return { maker: 'microTVM', software: 'microTVM' };
  if (who === 'plumerai')
    return { maker: 'Plumerai', software: version === 'v1.1' ? 'Plumerai 2023.05' : 'Plumerai before 2023' };
  if (who === 'bosch') return { maker: 'Bosch', software: `HALE ${version === 'v1.1' ? '1.0' : '1.0.175'}` };
  if (who === 'skymizer' || who === 'nuvoton') return { maker: 'ONNC', software: 'ONNC' };
  if (who === 'renesas') return { maker: 'Renesas', software: `Renesas ${version}` };
  if (who === 'reference' || who === 'silicon_labs')
    return { maker: 'TensorFlow Lite Micro', software: `TensorFlow Lite Micro, ${submitter} ${version}` };
  return { maker: submitter, software: `${submitter} ${version}` };
}

/** Runs of other networks than the reference models, or of another number format. */
const isOther = ({ system }) => /float|max_performance|min_ram/i.test(system);

export function makeTable(file) {
  const published = readJson(file);
  const rows = published.rows.filter(
    (row) =>
      row.division === 'closed' &&
      row.latency_ms !== null &&
      find(cores, row.board) !== undefined &&
      !isOther(row),
  );
  const groups = new Map();
  for (const row of rows) {
    const id = `${row.version} ${row.submitter} ${row.system}`;
    groups.set(id, [...(groups.get(id) ?? []), row]);
  }
  return {
    citation: 'MLPerf Tiny, results.txt of each submission (MLCommons)',
    date: '2026-11-24',
    note: 'milliseconds: 1000 / median throughput; microjoules: median of a separate energy run. Kernels are those of the reference models (ic ResNet-8, kws DS-CNN, vww MobileNet V1 0.25 at 96x96, ad autoencoder), counted by nonn. Not everything that was published is here.',
    networks: Object.fromEntries(
      Object.entries(referenceNetworks()).map(([name, network]) => [name, kernelsOf(network)]),
    ),
    runs: [...groups].map(([id, of]) => runOf(id, of)),
  };
}

function kernelsOf(network) {
  const counted = new Map();
  for (const kernel of lowerWhole(network).kernels) {
    const { depth, outputs } = workShape(kernel);
    const isConvolution = kernel.family === 'conv2d';
    const entry = {
      family: latencyFamily(kernel),
      flops: kernel.flops,
      bytes: kernel.bytes / FLOAT_BYTES,
      ...(isConvolution ? { depth, outputs, row: rowLength(kernel) } : {}),
    };
    const key = JSON.stringify(entry);
    const { family, ...sizes } = entry;
    counted.set(key, { family, count: (counted.get(key)?.count ?? 0) + 1, ...sizes });
  }
  return [...counted.values()];
}

function runOf(id, rows) {
  const [first] = rows;
  const sorted = [...rows].sort((a, b) => (a.benchmark < b.benchmark ? -1 : 1));
  const measured = sorted.filter((row) => typeof row.energy_uJ === 'number');
  const both = measured.filter((row) => typeof row.energy_run_inf_s === 'number');
  const of = (list, value) => Object.fromEntries(list.map((row) => [row.benchmark, value(row)]));
  return {
    id,
    board: find(boards, first.board) ?? first.board,
    core: find(cores, first.board),
    ...softwareOf(first),
    source: `${first.source}:${first.perf_file.replace(/\/(ic|kws|vww|ad)\/performance\/results.txt$/, '')}`,
    milliseconds: of(sorted, (row) => row.latency_ms),
    ...(measured.length > 0 ? { microjoules: of(measured, (row) => row.energy_uJ) } : {}),
    ...(both.length > 0
      ? { energyRate: of(both, (row) => [row.energy_run_inf_s, row.throughput_inf_s]) }
      : {}),
  };
}

/** JSON with one kernel, or one list of figures, a line, so that a change can be read. */
export function tableText(data) {
  return documentText(data)
    .replace(/\{\n\s+("family"[^{}]*?)\n\s+\}/g, (_, fields) => `{ ${fields.replace(/\n\s+/g, ' ')} }`)
    .replace(/\[\n\s+([\d.]+),\n\s+([\d.]+)\n\s+\]/g, '[$1, $2]')
    .replace(
      /\{\n\s+("(?:ic|kws|vww|ad)": [^{]*?)\n\s+\}/g,
      (_, fields) => `{ ${fields.replace(/\n\s+/g, ' ')} }`,
    );
}
