import { NonnError } from '../foundation/index.js';
import type { Id } from '../kernel/index.js';
import { wholeOf } from '../network/index.js';
import type { JointNetwork } from './joint-network.js';
import { PlanBuilder } from './plan-builder.js';
import { computingSink, type Setting, type Strategised } from './setting.js';

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
  const whole = (layer: Id) => wholeOf(network.shapes.get(layer)!);
  // The file's order is the order of service: images leave before the source starts on its own student.
  const inputs = students.map((_, index) =>
    builder.send(setting.source, setting.devices[index]!, builder.input),
  );
  const features = students.map((student, index) => {
    const device = setting.devices[index]!;
    const reads = [inputs[index]!];
    return { device, piece: builder.compute(device, student.features, whole(student.features), reads) };
  });
  const head = computingSink(
    setting,
    features.map(({ device }) => device),
  );
  const joined = features.map(({ device, piece }) => builder.send(device, head, piece));
  const output = builder.compute(head, network.output, whole(network.output), joined);
  return { plan: builder.finish(builder.send(head, setting.sink, output)), network };
}
