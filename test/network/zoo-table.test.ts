import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { peakMemory } from '../../src/kernel/index.js';
import { costOf, zooNames, zooNetwork } from '../../src/network/index.js';

const text = readFileSync(new URL('../../docs/networks.md', import.meta.url), 'utf8');

it.each(zooNames())('docs/networks.md tells the truth about %s', (name) => {
  const network = zooNetwork(name);
  const { input, parameters, trainableParameters, macs } = costOf(network);
  const numbers = [parameters, trainableParameters, macs, peakMemory(network).bytes];
  const cells = [`\`${name}\``, input.join('x'), ...numbers.map((number) => number.toLocaleString('en-US'))];
  expect(text).toContain(`| ${cells.join(' | ')} |`);
});
