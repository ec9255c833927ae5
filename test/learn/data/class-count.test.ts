import { describe, expect, it } from 'vitest';
import { checkClasses, mnist } from '../../../src/learn/data/index.js';
import { zooNetwork } from '../../../src/network/index.js';

describe('a network for a data set', () => {
  it('takes its images and tells its classes apart', () => {
    expect(() => checkClasses(mnist(), zooNetwork('lenet5'))).not.toThrow();
  });

  it('with another number of classes is refused in a sentence', () => {
    expect(() => checkClasses(mnist(), zooNetwork('lenet5', { classes: 12 }))).toThrow(
      /^network lenet5.*: found 12 outputs, expected 10, one for each class of mnist$/,
    );
  });

  it('for other images is refused in a sentence', () => {
    expect(() => checkClasses(mnist(), zooNetwork('resnet8'))).toThrow(
      /^network resnet8.*: found an input of 32x32x3, expected one of 28x28x1, as the images of mnist are$/,
    );
  });
});
