import {
  cropOf,
  type Dilated,
  lengthOf,
  type NeededInput,
  type Region,
  type Shape,
  type Window,
} from '../network/index.js';
import { activationCode } from './activation-code.js';
import type { Unit } from './unit.js';

type Fields = Record<string, number>;

/**
 * The shape of the kernel that makes a region of a unit's output: everything that its work and its time depend on.
 * Fields of rarer layers (dilation, repeated axes) are there only where they matter, so that the keys of common
 * kernels stay short.
 */
export function shapeOf(
  unit: Unit,
  inputs: readonly Shape[],
  output: Region,
  outputShape: Shape,
  needed: readonly NeededInput[],
): Fields {
  const { anchor } = unit;
  const [first] = needed as [NeededInput];
  const channels = inputs[0]![2];
  const map = { height: lengthOf(first.region.rows), width: lengthOf(first.region.columns), channels };
  const out = { outHeight: lengthOf(output.rows), outWidth: lengthOf(output.columns) };
  const made = { height: out.outHeight, width: out.outWidth, channels: outputShape[2] };
  const bias = unit.folded !== undefined || ('bias' in anchor && anchor.bias === true) ? 1 : 0;
  const activation = activationCode(unit.fused);
  switch (anchor.kind) {
    case 'conv2d': {
      const { groups, filters } = anchor;
      return { ...map, ...windowShape(anchor, first), groups, ...out, filters, bias, activation };
    }
    case 'depthwiseConv2d': {
      const { multiplier } = anchor;
      return { ...map, ...windowShape(anchor, first), multiplier, ...out, bias, activation };
    }
    case 'convTranspose2d': {
      const [[padTop], [padLeft]] = [cropOf(anchor, 0), cropOf(anchor, 1)];
      const { groups, filters } = anchor;
      return { ...map, ...sizeAndStride(anchor), padTop, padLeft, groups, ...out, filters, bias };
    }
    case 'channelConv2d': {
      const { depth, depthStride, filters } = anchor;
      const depthSame = anchor.depthPadding === 'same' ? 1 : 0;
      return { ...map, ...windowShape(anchor, first), depth, depthStride, depthSame, ...out, filters, bias };
    }
    case 'dense':
      return { inputs: map.height * map.width * channels, units: anchor.units, bias, activation };
    case 'matmul':
      return { ...map, columns: outputShape[2], transposeB: anchor.transposeB ? 1 : 0 };
    case 'embedding':
      return {
        inputs: map.height * map.width * channels,
        vocabulary: anchor.vocabulary,
        units: anchor.units,
      };
    case 'maxPool':
      return { ...map, ...windowShape(anchor, first), ...out };
    case 'avgPool': {
      const { top, bottom, left, right } = first.pad;
      const counts = anchor.countPadding === true && top + bottom + left + right > 0;
      return { ...map, ...windowShape(anchor, first), ...out, ...(counts ? { countPadding: 1 } : {}) };
    }
    case 'activation':
      return { ...map, activation: activationCode(anchor) };
    case 'prelu':
      return {
        ...map,
        perChannel: anchor.perChannel ? 1 : 0,
        ...(anchor.perPixel === true ? { perPixel: 1 } : {}),
      };
    case 'localResponseNorm':
      return { ...map, size: anchor.size };
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'maximum':
    case 'minimum':
      return { ...made, terms: inputs.length, ...repeatedAxes(inputs, needed, made) };
    case 'concat': {
      const axis = anchor.axis === 'rows' ? 0 : anchor.axis === 'columns' ? 1 : 2;
      return { ...made, parts: inputs.length, ...(axis === 2 ? {} : { axis }) };
    }
    case 'slice': {
      const [rowStep, columnStep, channelStep] = anchor.step ?? [1, 1, 1];
      return {
        ...map,
        rowFrom: anchor.begin[0] + output.rows[0] * rowStep - first.region.rows[0],
        columnFrom: anchor.begin[1] + output.columns[0] * columnStep - first.region.columns[0],
        channelFrom: anchor.begin[2],
        rowStep,
        columnStep,
        channelStep,
        ...out,
        outChannels: outputShape[2],
      };
    }
    case 'pad': {
      const [channelsBefore, channelsAfter] = anchor.channels;
      const mirror = anchor.mode === 'reflect';
      const { top, bottom, left, right } = mirror
        ? { top: anchor.rows[0], bottom: anchor.rows[1], left: anchor.columns[0], right: anchor.columns[1] }
        : first.pad;
      const sides = { padTop: top, padBottom: bottom, padLeft: left, padRight: right };
      return { ...map, ...sides, channelsBefore, channelsAfter, ...out, reflect: mirror ? 1 : 0 };
    }
    case 'channelShuffle':
      return { ...map, groups: anchor.groups };
    case 'spaceToDepth':
      return { ...map, block: anchor.block };
    case 'depthToSpace':
      return {
        ...map,
        block: anchor.block,
        last: anchor.order === 'last' ? 1 : 0,
        rowFrom: output.rows[0] - first.region.rows[0] * anchor.block,
        columnFrom: output.columns[0] - first.region.columns[0] * anchor.block,
        ...out,
      };
    case 'transpose':
      return {
        ...map,
        rowsOf: anchor.permutation[0],
        columnsOf: anchor.permutation[1],
        channelsOf: anchor.permutation[2],
      };
    case 'upsample':
      return {
        ...map,
        factorHeight: anchor.factor[0],
        factorWidth: anchor.factor[1],
        bilinear: anchor.interpolation === 'bilinear' ? 1 : 0,
      };
    case 'resize': {
      const bilinear = anchor.interpolation === 'bilinear' ? 1 : 0;
      const coordinates = ['halfPixel', 'alignCorners', 'asymmetric'].indexOf(anchor.coordinates);
      return { ...map, ...out, bilinear, coordinates };
    }
    default:
      return map;
  }
}

function windowShape(window: Window & Dilated, { pad }: NeededInput): Fields {
  const [dilationHeight, dilationWidth] = window.dilation ?? [1, 1];
  return {
    ...sizeAndStride(window),
    padTop: pad.top,
    padBottom: pad.bottom,
    padLeft: pad.left,
    padRight: pad.right,
    ...(dilationHeight === 1 && dilationWidth === 1 ? {} : { dilationHeight, dilationWidth }),
  };
}

function sizeAndStride({ kernel, stride }: Window): Fields {
  return {
    kernelHeight: kernel[0],
    kernelWidth: kernel[1],
    strideHeight: stride[0],
    strideWidth: stride[1],
  };
}

/** For each term that is repeated along some axes, a sum of 1 for rows, 2 for columns and 4 for channels. */
function repeatedAxes(
  inputs: readonly Shape[],
  needed: readonly NeededInput[],
  made: { readonly height: number; readonly width: number; readonly channels: number },
): Fields {
  const fields: Fields = {};
  for (const [index, { region }] of needed.entries()) {
    const repeated =
      (lengthOf(region.rows) === made.height ? 0 : 1) +
      (lengthOf(region.columns) === made.width ? 0 : 2) +
      (inputs[index]![2] === made.channels ? 0 : 4);
    if (repeated > 0) fields[`repeated${index + 1}`] = repeated;
  }
  return fields;
}
