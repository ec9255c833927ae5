import { hashData, NonnError } from '../foundation/index.js';
import type { Id, Kernel } from '../kernel/index.js';
import type { Network } from '../network/index.js';
import {
  type EnergyParts,
  type Message,
  type Plan,
  precedence,
  type Span,
  stateOf,
  type Trace,
} from '../plan/index.js';
import { type Backend, use } from './backend.js';
import { checkLength } from './execute-whole.js';
import { LoadedNetwork } from './loaded-network.js';
import { type PlanContext, PlanRun } from './plan-run.js';
import { deviceOf, known, prepareTask, readersOf, unitsWithWeights } from './prepare.js';
import { drawnWeights } from './weights.js';

export interface ExecuteOptions {
  /** Draws the weights. */
  readonly seed: number;
  readonly backend: Backend;
  /** Networks whose weights are loaded already, and stay so; those that are not here are loaded for the plan alone. */
  readonly loaded?: ReadonlyMap<Id, LoadedNetwork>;
}

/** What one execution of a plan gave. */
export interface Execution {
  /** Numbers of the output's piece, `[height, width, channels]` in the order of memory. */
  readonly output: Float32Array;
  /**
   * Wall times of this process, in which the devices take turns. Memory counts the tensors and frames of each
   * device; energy was not measured.
   */
  readonly trace: Trace;
  /** The kernels that ran, task by task. */
  readonly kernelsRun: ReadonlyMap<Id, readonly Kernel[]>;
}

/** A plan that is ready to be executed again and again. */
export interface PreparedPlan {
  /** @param input numbers of the whole input, `[height, width, channels]`; 0..1 where it travels as bytes. */
  run(input: Float32Array): Execution;
  /** Frees the weights. */
  dispose(): void;
}

/**
 * Executes a plan once in this process, device by device and piece by piece: kernels really run, messages are really
 * serialised and read, and each device sees only the pieces that it holds.
 * @throws NonnError if the plan does not say what would really run, or a device lacks what a task reads.
 */
export function execute(
  plan: Plan,
  networks: ReadonlyMap<Id, Network>,
  input: Float32Array,
  options: ExecuteOptions,
): Execution {
  const prepared = preparePlan(plan, networks, options);
  try {
    return prepared.run(input);
  } finally {
    prepared.dispose();
  }
}

/** Lowers a plan's tasks, checks them, and keeps the weights that they need from the first run on. */
export function preparePlan(
  plan: Plan,
  networks: ReadonlyMap<Id, Network>,
  { seed, backend, loaded = new Map() }: ExecuteOptions,
): PreparedPlan {
  if (plan.input === undefined || plan.output === undefined)
    throw new NonnError('plan: found no input or output piece, expected both, to have something to execute');
  const context = contextOf(plan, networks, seed, loaded);
  const { order } = precedence(plan);
  const inputPiece = known(context.pieces, plan.input.piece, 'input');
  const network = networks.get(inputPiece.network);
  const shape = network?.shapes.get(inputPiece.layer);
  if (network === undefined || shape === undefined)
    throw new NonnError(
      `plan: found the input piece "${inputPiece.id}" of network "${inputPiece.network}", expected one of ${[...networks.keys()].join(', ')}`,
    );
  return {
    dispose: () => {
      for (const [id, own] of context.networks) if (!loaded.has(id)) own.dispose();
    },
    run(input) {
      use(backend);
      checkLength(network, input);
      const run = new PlanRun(context);
      try {
        const begun = performance.now();
        run.arrive(input, shape);
        const spans = play(run, plan, order, () => (performance.now() - begun) / 1000);
        const output = run.output();
        return { output, kernelsRun: run.kernelsRun, trace: traceOf(run, context, spans, seed) };
      } finally {
        run.dispose();
      }
    },
  };
}

function contextOf(
  plan: Plan,
  networks: ReadonlyMap<Id, Network>,
  seed: number,
  loaded: ReadonlyMap<Id, LoadedNetwork>,
): PlanContext {
  const pieces = new Map(plan.pieces.map((piece) => [piece.id, piece]));
  const computing = plan.tasks.filter(({ work }) => work.kind === 'kernels');
  const messages = new Map(plan.messages.map((message) => [message.id, message]));
  const outgoing = new Map<Id, Message[]>();
  for (const message of plan.messages)
    for (const id of message.after) outgoing.set(id, [...(outgoing.get(id) ?? []), message]);
  return {
    plan,
    hash: hashData(plan),
    pieces,
    pieceNumbers: new Map(plan.pieces.map((piece, index) => [piece.id, index])),
    messageNumbers: new Map(plan.messages.map((message, index) => [message.id, index])),
    tasks: new Map(computing.map((task) => [task.id, prepareTask(plan, task, pieces, networks)])),
    networks: new Map(
      [...networks].map(([id, network]) => [
        id,
        loaded.get(id) ?? new LoadedNetwork(network, drawnWeights(seed)),
      ]),
    ),
    readers: readersOf(plan),
    outgoing,
    incoming: new Map(
      plan.tasks.map((task) => [task.id, task.after.flatMap((id) => messages.get(id) ?? [])]),
    ),
  };
}

/** Runs tasks and messages in an order in which each comes after what it waits for. */
function play(run: PlanRun, plan: Plan, order: readonly number[], now: () => number): readonly Span[] {
  const finished = new Map<Id, number>();
  return order.map((index) => {
    const task = plan.tasks[index];
    const message = plan.messages[index - plan.tasks.length];
    const { id, after } = (task ?? message)!;
    const start = now();
    if (task !== undefined) run.work(task);
    else run.deliver(message!);
    const finish = now();
    finished.set(id, finish);
    const ready = after.reduce((latest, before) => Math.max(latest, finished.get(before)!), 0);
    const times = { of: id, inference: 0, ready, start, finish };
    return task !== undefined
      ? { ...times, lane: deviceOf(task), state: stateOf(task) }
      : {
          ...times,
          lane: `${message!.from}>${message!.to}`,
          state: 'transfer' as const,
          bytes: message!.frameBytes,
        };
  });
}

function traceOf(run: PlanRun, context: PlanContext, spans: readonly Span[], seed: number): Trace {
  const horizon = spans.reduce((latest, { finish }) => Math.max(latest, finish), 0);
  return {
    by: 'execution',
    plan: context.hash,
    seed,
    spans,
    arrivals: [0],
    finishes: [horizon],
    memory: [...run.stores()].map((store) => store.memory(weightBytes(context, store.device))),
    energy: context.plan.devices.map((device) => unmeasuredEnergy(device, spans, horizon)),
    stolen: 0,
    clockSkew: 0,
  };
}

/** Bytes of the weights that a device's kernels use, each once. */
function weightBytes({ plan, tasks, networks }: PlanContext, device: Id): number {
  const bytes = new Map<string, number>();
  for (const task of plan.tasks) {
    const prepared = tasks.get(task.id);
    if (prepared === undefined || deviceOf(task) !== device) continue;
    const { network, lowered } = prepared;
    for (const unit of unitsWithWeights(network, lowered))
      bytes.set(`${network.id}/${unit.output}`, networks.get(network.id)!.bytes(unit));
  }
  return [...bytes.values()].reduce((sum, value) => sum + value, 0);
}

function unmeasuredEnergy(device: Id, spans: readonly Span[], horizon: number): EnergyParts {
  const busy = spans.reduce(
    (sum, { lane, start, finish }) => sum + (lane === device ? finish - start : 0),
    0,
  );
  return {
    device,
    total: null,
    missing: 'measured power',
    idle: null,
    compute: null,
    encode: null,
    decode: null,
    send: null,
    receive: null,
    radioCounted: false,
    utilisation: horizon > 0 ? busy / horizon : 0,
  };
}
