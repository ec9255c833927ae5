import { complain } from '../../foundation/index.js';
import type { Layer } from '../layer.js';
import { inputShapes, type Network, type StoredWeights, weightsOf } from '../network.js';
import { dequantise, kernelChannels, quantise } from './quantise.js';
import { type FileTensor, readSafetensors, type StoredTensor, safetensors } from './safetensors.js';

/** How kernels are kept: as they are, or as whole numbers of one byte with a scale for each output channel. */
export type WeightType = 'float32' | 'int8';

/**
 * Weights of a network by name, `layer/tensor`, as bytes of a safetensors file. Of an int8 network each kernel is `I8`, with its
 * scales in `layer/kernel.scale`; everything else stays float32.
 */
export function storeWeights(
  network: Network,
  weights: StoredWeights,
  type: WeightType = 'float32',
): Uint8Array {
  const tensors = new Map<string, StoredTensor>();
  for (const layer of network.layers) {
    const numbers = weights(layer.id);
    const channels = kernelChannels(layer, inputShapes(network, layer));
    for (const { name, shape } of weightsOf(network, layer)) {
      const data = numbers[name];
      if (data === undefined) continue;
      const key = `${layer.id}/${name}`;
      if (type === 'int8' && name === 'kernel' && channels !== undefined) {
        const { values, scales } = quantise(data, channels.channels, channels.run);
        tensors.set(key, { shape, data: values });
        tensors.set(`${key}.scale`, { shape: [scales.length], data: scales });
      } else tensors.set(key, { shape, data });
    }
  }
  return safetensors(tensors);
}

/**
 * The network with weights from a safetensors file; whatever it does not name is drawn from the seed.
 * @throws NonnError in one sentence for a tensor of another size, or a file that names no tensor of the network.
 */
export function withStoredWeights(network: Network, file: string): Network {
  const tensors = readSafetensors(file);
  let named = 0;
  for (const layer of network.layers)
    for (const { name, shape } of weightsOf(network, layer)) {
      const tensor = tensors.get(`${layer.id}/${name}`);
      if (tensor === undefined) continue;
      named++;
      const count = shape.reduce((product, size) => product * size, 1);
      if (tensor.count !== count)
        throw complain({
          file,
          path: `tensor ${layer.id}/${name}`,
          found: `${tensor.shape.join('x')} numbers`,
          expected: `${shape.join('x')}, as network ${network.id} has`,
        });
    }
  if (named === 0) {
    const layer = network.layers.find((one) => weightsOf(network, one).length > 0);
    const example =
      layer === undefined ? 'its weights' : `names such as ${layer.id}/${weightsOf(network, layer)[0]!.name}`;
    throw complain({ file, found: `no tensor of network ${network.id}`, expected: example });
  }
  const weights: StoredWeights = (id) => {
    const layer = network.byId.get(id);
    return layer === undefined ? {} : layerWeights(network, layer, tensors);
  };
  return { ...network, weights };
}

function layerWeights(network: Network, layer: Layer, tensors: ReadonlyMap<string, FileTensor>) {
  const found: Record<string, Float32Array> = {};
  for (const { name } of weightsOf(network, layer)) {
    const tensor = tensors.get(`${layer.id}/${name}`);
    if (tensor === undefined) continue;
    const numbers = tensor.numbers();
    const scales = tensors.get(`${layer.id}/${name}.scale`)?.numbers();
    const channels = kernelChannels(layer, inputShapes(network, layer));
    found[name] =
      scales !== undefined && channels !== undefined
        ? dequantise({
            values: Int8Array.from(numbers),
            scales: Float32Array.from(scales),
            run: channels.run,
          })
        : numbers instanceof Float32Array
          ? numbers
          : Float32Array.from(numbers);
  }
  return found;
}

/** Bytes that a layer's weights take less than as float32: three of each of a kernel's, without the scales. */
export function bytesSaved(network: Network, layer: Layer): number {
  if (network.dtype !== 'int8') return 0;
  const channels = kernelChannels(layer, inputShapes(network, layer));
  const kernel = weightsOf(network, layer).find(({ name }) => name === 'kernel');
  if (channels === undefined || kernel === undefined) return 0;
  return 3 * kernel.shape.reduce((product, size) => product * size, 1) - 4 * channels.channels;
}

/** A kernel as an int8 network really has it: each number the nearest that a byte and its channel's scale can say. */
export function roundedKernel(network: Network, layer: Layer, kernel: Float32Array): Float32Array {
  const channels = network.dtype === 'int8' ? kernelChannels(layer, inputShapes(network, layer)) : undefined;
  return channels === undefined ? kernel : dequantise(quantise(kernel, channels.channels, channels.run));
}
