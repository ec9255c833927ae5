import type { CommandEntry, OptionEntry } from './command.js';

/**
 * Every command of nonn, in the order in which help lists them. To add one: an entry here, and a module
 * `src/cli/<name>.ts` that exports `run` (see `CommandModule`).
 *
 * This file stands on the path of `nonn --help`, so it imports nothing but types.
 */
export const commands: readonly CommandEntry[] = [
  {
    name: 'quickstart',
    arguments: [],
    options: [workers(), text('out', 'dir', 'folder for the results (results/local/quickstart)')],
    description: 'run the main scenario, then predict and measure kernels of this machine',
    example: 'nonn quickstart',
  },
  {
    name: 'simulate',
    arguments: ['[scenario]'],
    options: [
      text('plan', 'file', 'play a plan file instead of a scenario'),
      text('candidate', 'id', 'one candidate of the scenario instead of all'),
      choice('kernels', ['profile', 'live'], 'durations from the profile, or from kernels run here'),
      text('trace', 'file', 'write what happened as a Chrome trace'),
    ],
    description: "play a scenario's candidates, or a plan file, in virtual time",
    example: 'nonn simulate scenarios/mnist-quick.json',
  },
  {
    name: 'sweep',
    arguments: ['<scenario>'],
    options: [
      text('out', 'dir', 'folder for result.json and candidates.csv'),
      workers(),
      choice(
        'pick',
        ['knee', 'min-latency', 'min-energy', 'min-memory', 'max-accuracy'],
        'how to pick one design of the front',
      ),
      flag('dry-run', 'count the candidates and stop'),
    ],
    description: 'simulate every candidate of a scenario, find the Pareto front and pick a design',
    example: 'nonn sweep scenarios/cifar10-pi-wifi.json --out results/local/cifar10',
  },
  {
    name: 'table',
    arguments: ['<results...>'],
    options: [choice('format', ['md', 'csv', 'json'], 'form of the table (md)')],
    description: 'show results as a table',
    example: 'nonn table results/cifar10-pi-wifi --format md',
  },
  {
    name: 'gate',
    arguments: ['<results...>'],
    options: [
      { ...text('baseline', 'file', 'metrics to compare with'), required: true },
      flag('update-baseline', 'write the baseline from these results instead'),
      choice('format', ['text', 'json'], 'form of the verdict (text)'),
    ],
    description: 'compare results with a baseline: exit code 0 pass, 1 regression, 3 inconclusive',
    example: 'nonn gate results/cifar10-pi-wifi --baseline results/cifar10-pi-wifi/baseline.json',
  },
  {
    name: 'calibrate',
    arguments: [],
    options: [
      choice('backend', ['tfjs-wasm', 'tfjs-cpu', 'tfjs-node'], 'runtime to measure (tfjs-wasm)'),
      integer('threads', 'n', 'threads of native kernels, tfjs-node (1)', 256),
      { name: 'budget', value: { kind: 'duration', name: 'time' }, description: 'time to measure for (5m)' },
      { ...text('out', 'profile', 'file for the profile'), required: true },
    ],
    description: 'measure kernels of this machine and write its profile',
    example: 'nonn calibrate --budget 60s --out results/local/here.json',
  },
  {
    name: 'validate',
    arguments: ['[scenario]'],
    options: [
      { ...text('profile', 'profile', 'profile whose predictions are judged'), required: true },
      {
        name: 'network',
        value: { kind: 'texts', name: 'network' },
        description: 'networks to run and predict',
      },
      batch(),
      integer('kernels', 'n', 'kernels to draw, run and predict'),
      {
        name: 'tolerance',
        value: { kind: 'number', name: 'x' },
        description: 'exit with 1 beyond this error',
      },
      text('plot', 'file', 'write a scatter plot of predicted against measured (SVG)'),
    ],
    description: 'run kernels, networks or plans here and compare them with their prediction',
    example: 'nonn validate --network lenet5 --profile results/local/here.json',
  },
  {
    name: 'predict',
    arguments: ['<network>'],
    options: [
      { ...text('profile', 'profile', 'profile of the device'), required: true },
      integer('threads', 'n', 'threads of the device', 256),
      batch(),
      ...shape(),
    ],
    description: 'latency, energy and memory of a network on a device',
    example: 'nonn predict wrn-16-2 --profile raspberry-pi-4b',
  },
  {
    name: 'cost',
    arguments: ['<network>', '[other]'],
    options: shape(),
    description: 'parameters, work and memory of a network, layer by layer, or of two side by side',
    example: 'nonn cost wrn-40-4 mobilenet-v2',
  },
  {
    name: 'tiles',
    arguments: ['<network>'],
    options: [
      integer('input', 'n', 'height and width of the input', 16_384),
      {
        name: 'grid',
        value: { kind: 'grid', name: 'NxM' },
        description: 'tiles along height and width (3x3)',
      },
      integer('fused', 'n', 'layers to fuse (16)'),
    ],
    description: 'regions of the fused tiles of a network, as DeepThings cuts them',
    example: 'nonn tiles yolov2 --input 608 --grid 3x3 --fused 16',
  },
  {
    name: 'partition',
    arguments: [],
    options: [
      { ...integer('students', 'n', 'students to share the filters out to', 1024), required: true },
      text('filter-network', 'file', 'how strongly filters are active together'),
      text('teacher', 'file', "a trained stage's folder, or weights (.safetensors) beside --network"),
      text('data', 'dir', "the teacher's images: a folder or archive, or mnist"),
      text('network', 'name', "the teacher's network, where --teacher is a file of weights"),
      integer('images', 'n', 'validation images to watch its filters on (all)'),
      choice('backend', ['tfjs-wasm', 'tfjs-cpu', 'tfjs-node'], 'runtime of the teacher (tfjs-wasm)'),
      integer('threads', 'n', 'threads of native kernels, tfjs-node (1)', 256),
      choice('pool', ['published', 'balanced'], 'how communities are pooled (published)'),
      {
        name: 'resolution',
        value: { kind: 'number', name: 'r' },
        description: 'resolution of modularity (1/0.7, as published)',
      },
      budget('parameters', 'most parameters of a student, or of each'),
      budget('memory', 'most bytes of its weights and activations, such as 2MB'),
      budget('flops', 'most work of an inference, such as 20MFLOP'),
      {
        name: 'families',
        value: { kind: 'texts', name: 'family' },
        description: 'families of bodies to choose from (all)',
      },
      integer('input', 'n', 'height and width of the images, without a teacher (32)', 16_384),
      text('out', 'file', 'write the partition, for a scenario'),
      text('filter-network-out', 'file', "write the teacher's filter network"),
      text('plot', 'file', 'write the filter graph by community (SVG)'),
    ],
    description: "which filters of a teacher's last convolution each student of a NoNN learns",
    example: 'nonn partition --students 2 --teacher results/local/train/mnist/seed-1/teacher --data mnist',
  },
  {
    name: 'train',
    arguments: ['<config>'],
    options: [
      text('data', 'path', 'folder or archive of the images, where the config does not use an embedded set'),
      text('out', 'dir', 'folder for weights, logs and records (results/local/train/NAME)'),
      choice('backend', ['tfjs-wasm', 'tfjs-cpu', 'tfjs-node'], "runtime that trains (the config's)"),
      integer('threads', 'n', "threads of native kernels, tfjs-node (the config's)", 256),
      {
        name: 'stage',
        value: { kind: 'texts', name: 'id' },
        description: 'only these stages and the teachers that they need (all)',
      },
      flag('evaluate', 'test the weights in --out again, and compare with their records'),
    ],
    description: 'train the networks of an experiment, or go on where it was broken off',
    example: 'nonn train experiments/mnist.json',
  },
  {
    name: 'account',
    arguments: ['<folders...>'],
    options: [
      text('data', 'path', 'folder or archive of the images, where the data set is not an embedded one'),
      text('scenario', 'file', 'scenario on whose devices and links one inference is simulated'),
      choice('format', ['md', 'csv', 'json'], 'form of the table (md)'),
      choice('backend', ['tfjs-wasm', 'tfjs-cpu', 'tfjs-node'], 'runtime that runs the networks (tfjs-wasm)'),
      integer('threads', 'n', 'threads of native kernels, tfjs-node (1)', 256),
      integer('images', 'n', 'test images that each plan is really executed on (200)'),
      flag('measure', 'time the kernels of each design on this machine, too'),
    ],
    description: 'accuracy, cost and robustness of what nonn train trained, with intervals',
    example: 'nonn account trained/mnist --scenario scenarios/cifar10-pi-wifi.json',
  },
  {
    name: 'explain',
    arguments: ['<profile>'],
    options: [],
    description: 'every number of a device profile with its source',
    example: 'nonn explain raspberry-pi-3b-plus',
  },
  {
    name: 'doctor',
    arguments: [],
    options: [],
    description: 'what of this machine nonn can use: backends, threads, memory',
    example: 'nonn doctor',
  },
  {
    name: 'init',
    arguments: ['[dir]'],
    options: [],
    description: 'write a starter scenario, a device profile and a CI snippet',
    example: 'nonn init my-study',
  },
];

/** Options of every command. */
export const globalOptions: readonly OptionEntry[] = [
  flag('quiet', 'no progress and no notes'),
  flag('json', 'one JSON object on stdout'),
  flag('debug', 'show the stack trace of an error'),
  {
    name: 'seed',
    value: { kind: 'integer', name: 's', least: 0 },
    description: 'seed of everything that is drawn at random',
  },
];

function flag(name: string, description: string): OptionEntry {
  return { name, value: { kind: 'flag' }, description };
}

function text(name: string, value: string, description: string): OptionEntry {
  return { name, value: { kind: 'text', name: value }, description };
}

function choice(name: string, choices: readonly string[], description: string): OptionEntry {
  return { name, value: { kind: 'choice', choices }, description };
}

function integer(name: string, value: string, description: string, most = 1_000_000): OptionEntry {
  return { name, value: { kind: 'integer', name: value, least: 1, most }, description };
}

function workers(): OptionEntry {
  return integer('workers', 'n', 'threads to share the work (all cores, for a large scenario)', 256);
}

/** Images that a network computes at once. */
function batch(): OptionEntry {
  return integer('batch', 'n', 'images that the network computes at once (1)', 1024);
}

/** What a student may cost: one value for all, or one for each. */
function budget(of: string, description: string): OptionEntry {
  return { name: `budget-${of}`, value: { kind: 'texts', name: 'x' }, description };
}

/** Size of a network, where its default does not fit. */
function shape(): readonly OptionEntry[] {
  return [
    integer('input', 'n', 'height and width of the input', 16_384),
    integer('classes', 'n', 'classes of the output'),
  ];
}
