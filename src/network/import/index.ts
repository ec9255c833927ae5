import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { complain, NonnError, readBytes } from '../../foundation/index.js';
import type { Network, StoredWeights } from '../network.js';
import { importOnnx } from './onnx/import-onnx.js';
import { Damage } from './onnx/message.js';
import { onnxOperators } from './onnx/operators/index.js';
import { importTfjs } from './tfjs/import-tfjs.js';
import { kerasLayers } from './tfjs/keras/index.js';
import { tensorflowOperators } from './tfjs/operators/index.js';

export interface LoadOptions {
  /** Height and width of the input where the file leaves them open. */
  readonly input?: number | undefined;
}

/** A network from a file, with its weights where the file has them. */
export interface LoadedFile {
  readonly network: Network;
  readonly weights?: StoredWeights;
}

/** Whether an argument is meant to be a file of a network and not a name of the zoo. */
export function isNetworkFile(name: string): boolean {
  return /\.(onnx|json)$/i.test(name) || /[\\/]/.test(name) || existsSync(name);
}

/**
 * Reads a network that somebody brings: an `.onnx` file, or the `model.json` of a tfjs layers or graph model. Weights stay
 * where they are until something runs: costs need none.
 * @throws NonnError in one sentence for whatever is wrong with the file.
 */
export function loadNetwork(file: string, options: LoadOptions = {}): LoadedFile {
  const bytes = readBytes(file, isEndless(file) ? MOST_OF_A_STREAM : undefined);
  const id = networkFileName(file);
  try {
    const network = looksLikeJson(bytes) ? importTfjs(file, id, options) : readOnnx(bytes, file, id, options);
    checkSize(network, file, options);
    return network.weights === undefined ? { network } : { network, weights: network.weights };
  } catch (error) {
    if (error instanceof NonnError)
      throw error.message.startsWith(file)
        ? error
        : new NonnError(`${file}: ${error.message}`, error.exitCode);
    // Files come from anywhere: whatever no check foresaw is a sentence too.
    throw complain({
      file,
      found: `what no check foresaw (${error instanceof Error ? error.message : String(error)})`,
      expected: 'a network that makes sense',
    });
  }
}

function readOnnx(bytes: Uint8Array, file: string, id: string, options: LoadOptions): Network {
  const found = foreign(bytes);
  if (found !== undefined) throw complain({ file, found, expected: 'an ONNX file or a tfjs model.json' });
  try {
    return importOnnx(bytes, file, id, options);
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    throw complain({
      file,
      found: `bytes that are no ONNX model (${error.message})`,
      expected: 'an ONNX file or a tfjs model.json',
    });
  }
}

/** A size that is asked for is never dropped in silence. */
function checkSize(network: Network, file: string, { input }: LoadOptions): void {
  const [height, width] = network.shapes.get(network.inputs[0]!)!;
  if (input !== undefined && (height !== input || width !== input))
    throw complain({
      file,
      found: `an input of ${height}x${width}, and ${input} asked for`,
      expected: 'another size only where the file leaves it open',
    });
}

/** Whether a pipe or a device stands in the place of a file: it may never end. */
function isEndless(file: string): boolean {
  return existsSync(file) && !statSync(file).isFile();
}

const MOST_OF_A_STREAM = 64 * 2 ** 20;

/** What other files people try, by their first bytes. */
function foreign(bytes: Uint8Array): string | undefined {
  const starts = (...values: readonly number[]) => values.every((value, index) => bytes[index] === value);
  if (bytes.length === 0) return 'an empty file';
  if (starts(0x50, 0x4b)) return 'a zip archive (of PyTorch or Keras?), which has to be exported first';
  if (starts(0x89, 0x48, 0x44, 0x46)) return 'an HDF5 file (of Keras?), which has to be exported first';
  if (starts(0x1f, 0x8b)) return 'a gzip archive';
  return undefined;
}

function looksLikeJson(bytes: Uint8Array): boolean {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < bytes.length && [0x20, 0x0a, 0x0d, 0x09].includes(bytes[at]!)) at++;
  // An ONNX file begins with the tag of a field: 0x7b would be one that ends a group.
  return bytes[at] === 0x7b || bytes[at] === 0x5b;
}

/** A network is named after its file; a tfjs `model.json` after its folder. */
export function networkFileName(file: string): string {
  const parts = file.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
  const name = basename(file).replace(/\.(onnx|json)$/i, '');
  return name === 'model' && parts.length > 1 && parts.at(-2) !== '..' ? parts.at(-2)! : name;
}

/** Names of what can be imported: ONNX's operators, Keras' layers, TensorFlow's operations. */
export function importedOperators() {
  const names = (known: ReadonlyMap<string, unknown>) => [...known.keys()].sort();
  return {
    onnx: names(onnxOperators),
    layers: [...names(kerasLayers), 'InputLayer', 'Sequential', 'Functional', 'Model'].sort(),
    tensorflow: ['Const', 'Placeholder', ...names(tensorflowOperators)].sort(),
  };
}
