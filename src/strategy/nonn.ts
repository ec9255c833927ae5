import { NonnError } from '../foundation/index.js';
import { unitsByOutput } from '../kernel/index.js';
import type { Piece } from '../plan/index.js';
import { chain } from './chain.js';
import type { JointNetwork } from './joint-network.js';
import { PlanBuilder } from './plan-builder.js';
import type { Setting, Strategised } from './setting.js';

/**
 * A NoNN: one student a device, from the whole image to the features of its filters, and nothing said in between. The
 * features go to the sink, which has the last dense layer.
 *
 * @throws NonnError if there are more students than devices.
 */
export function planNonn(joint: JointNetwork, setting: Setting): Strategised {
  const { network, students } = joint;
  if (students.length > setting.devices.length) {
    throw new NonnError(
      `network ${network.id}: found ${students.length} students, expected at most one for each of ${setting.devices.length} devices`,
    );
  }
  const builder = new PlanBuilder('nonn', network, setting);
  const units = [...unitsByOutput(network).values()];
  const features = new Map<string, Piece>();
  for (const [index, student] of students.entries()) {
    const device = setting.devices[index]!;
    const input = builder.send(setting.source, device, builder.input);
    const pieces = new Map([[builder.input.layer, input]]);
    chain(
      builder,
      network,
      device,
      units.filter((unit) => student.layers.has(unit.output)),
      pieces,
    );
    features.set(student.features, pieces.get(student.features)!);
  }
  const head = setting.devices.slice(0, students.length).includes(setting.sink)
    ? setting.sink
    : setting.devices[0]!;
  for (const [index, student] of students.entries()) {
    features.set(
      student.features,
      builder.send(setting.devices[index]!, head, features.get(student.features)!),
    );
  }
  const ofStudents = new Set(students.flatMap((student) => [...student.layers]));
  chain(
    builder,
    network,
    head,
    units.filter((unit) => unit.anchor.kind !== 'input' && !ofStudents.has(unit.output)),
    features,
  );
  return { plan: builder.finish(builder.send(head, setting.sink, features.get(network.output)!)), network };
}
