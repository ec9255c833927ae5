import { complain, nearest, show } from '../../foundation/index.js';
import type { Network } from '../network.js';
import { alexnet } from './alexnet.js';
import { channelnet } from './channelnet.js';
import { cnn } from './cnn.js';
import { dsCnn } from './ds-cnn.js';
import { googlenet } from './googlenet.js';
import { knowledgeNet } from './knowledgenet.js';
import { lenet } from './lenet.js';
import { mobilenetV1 } from './mobilenet-v1.js';
import { mobilenetV2 } from './mobilenet-v2.js';
import { completeOptions, type Family, type ZooOptions } from './options.js';
import { resnet } from './resnet.js';
import { resnet8 } from './resnet8.js';
import { resnet9 } from './resnet9.js';
import { shufflenet } from './shufflenet.js';
import { squeezenet } from './squeezenet.js';
import { vgg } from './vgg.js';
import { wideResNet } from './wide-resnet.js';
import { yolov2 } from './yolov2.js';

export type { ZooOptions } from './options.js';

const families: readonly Family[] = [
  wideResNet,
  lenet,
  knowledgeNet,
  mobilenetV1,
  mobilenetV2,
  yolov2,
  vgg,
  resnet,
  squeezenet,
  shufflenet,
  googlenet,
  alexnet,
  channelnet,
  dsCnn,
  resnet8,
  resnet9,
  cnn,
];

/**
 * A published network by its name, e.g. `wrn-40-4`, `mobilenet-v1-0.25`, `yolov2`.
 * @throws NonnError for a name that is not there (with the nearest one), or an input that the network cannot take.
 */
export function zooNetwork(name: string, options: ZooOptions = {}): Network {
  const family = families.find((candidate) => candidate.owns(name));
  if (family === undefined) {
    throw complain({
      found: `the network ${show(name)}`,
      expected: `one of ${zooPatterns().join(', ')}`,
      suggestion: nearest(name, zooNames()),
    });
  }
  const { input, classes } = completeOptions(name, family, options);
  return family.build(name, input, classes);
}

/** Whether a name is a zoo network's, even if its numbers turn out to be wrong. */
export function isZooName(name: string): boolean {
  return families.some((family) => family.owns(name));
}

/** Names of zoo networks; of families with free numbers, the published members. */
export function zooNames(): readonly string[] {
  return families.flatMap((family) => family.names);
}

/** Names of zoo networks, families with free numbers as one pattern. */
export function zooPatterns(): readonly string[] {
  return families.flatMap((family) =>
    family.pattern === undefined
      ? family.names
      : [...family.names.filter((name) => !/-[\d.]+$/.test(name)), family.pattern],
  );
}
