import { describe, expect, it } from 'vitest';
import { familyFallbacks, familyReasons, latencyFamilies, latencyFamily } from '../../src/device/index.js';
import { lowerWhole } from '../../src/kernel/index.js';
import { zooNetwork } from '../../src/network/index.js';
import { kernelOf, windowOf } from './kernels.js';

describe('latency families', () => {
  it('sets the convolutions apart that ncnn runs by different algorithms', () => {
    const of = (shape: Record<string, number>) => latencyFamily({ family: 'conv2d', shape });
    expect(of(windowOf(3))).toBe('conv3x3');
    expect(of(windowOf(3, 2))).toBe('conv');
    expect(of({ ...windowOf(3), dilationHeight: 2 })).toBe('conv');
    expect(of(windowOf(1))).toBe('conv1x1');
    expect(of(windowOf(1, 2))).toBe('conv1x1');
    expect(of(windowOf(7, 2))).toBe('conv');
    expect(of({ ...windowOf(1), kernelWidth: 3 })).toBe('conv');
    expect(latencyFamily({ family: 'depthwiseConv2d', shape: windowOf(3, 2) })).toBe('depthwise3x3');
    expect(latencyFamily({ family: 'depthwiseConv2d', shape: windowOf(5) })).toBe('depthwise');
  });

  it('counts an operator that it does not know as elementwise', () => {
    expect(latencyFamily(kernelOf('hyperbolicRotation', 1, 1))).toBe('elementwise');
    expect(latencyFamily(kernelOf('toString', 1, 1))).toBe('elementwise');
  });

  it('says of every family why it stands apart and where to look without it', () => {
    for (const family of latencyFamilies) {
      expect(familyReasons[family]).not.toBe('');
      expect(familyFallbacks[family].length).toBeGreaterThan(0);
      expect(familyFallbacks[family]).not.toContain(family);
    }
  });

  it('finds in MobileNet V1 the 14 convolutions and 13 depthwise convolutions of its paper', () => {
    const families = lowerWhole(zooNetwork('mobilenet-v1')).kernels.map(latencyFamily);
    const count = (family: string) => families.filter((other) => other === family).length;
    expect(count('conv')).toBe(1);
    expect(count('conv1x1') + count('dense')).toBe(14);
    expect(count('depthwise3x3')).toBe(13);
  });
});
