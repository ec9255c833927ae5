import { complain, type NonnError, show } from '../../../foundation/index.js';
import type { Assembly } from '../assembly.js';
import type { Constant } from '../constant.js';
import type { Value } from '../value.js';
import type { Manifest } from './manifest.js';

/** How a layer of Keras becomes layers of nonn. */
export type LayerImport = (layer: LayerReader) => Value;

/** A layer's configuration as Keras and tfjs write it, read with their defaults. */
export class LayerReader {
  constructor(
    readonly className: string,
    /** With the names of the models that it is nested in. */
    readonly name: string,
    readonly config: Readonly<Record<string, unknown>>,
    readonly inputs: readonly Value[],
    readonly assembly: Assembly,
    readonly manifest: Manifest,
  ) {}

  get input(): Value {
    const [input, ...more] = this.inputs;
    if (input === undefined || more.length > 0) throw this.wrong(`${this.inputs.length} inputs`, 'one');
    return input;
  }

  number(field: string, otherwise?: number): number {
    const value = this.config[field] ?? otherwise;
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw this.wrong(`${field} ${show(value)}`, 'a number');
    return value;
  }

  text(field: string, otherwise: string): string {
    const value = this.config[field] ?? otherwise;
    if (typeof value !== 'string') throw this.wrong(`${field} ${show(value)}`, 'a text');
    return value;
  }

  flag(field: string, otherwise: boolean): boolean {
    const value = this.config[field] ?? otherwise;
    if (typeof value !== 'boolean') throw this.wrong(`${field} ${show(value)}`, 'true or false');
    return value;
  }

  /** Numbers of a list, or one number. */
  numbers(field: string): readonly number[] | undefined {
    const value = this.config[field];
    if (value === undefined || value === null) return undefined;
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (!list.every((one): one is number => typeof one === 'number' && Number.isFinite(one)))
      throw this.wrong(`${field} ${show(value)}`, 'numbers');
    return list;
  }

  /** Height and width; one number is both, and a layer over sequences has a height alone. */
  pair(field: string, otherwise: readonly [number, number]): readonly [number, number] {
    const list = this.numbers(field);
    if (list === undefined) return otherwise;
    const [height, width = this.className.endsWith('1D') ? 1 : height] = list;
    if (height === undefined || list.length > 2)
      throw this.wrong(`${field} ${show(list)}`, 'a height and a width');
    return [height, width!];
  }

  /** An axis counted from the front. */
  axis(axis: number, rank: number): number {
    const counted = axis < 0 ? axis + rank : axis;
    if (!Number.isSafeInteger(counted) || counted < 0 || counted >= rank)
      throw this.wrong(`axis ${axis}`, `one of ${rank} axes`);
    return counted;
  }

  /**
   * A tensor of this layer. Names end in the layer's and the tensor's; those of nested models may begin with the models'.
   * @returns undefined where the file has no weights at all.
   */
  weight(name: string): Constant | undefined {
    if (this.manifest.size === 0) return undefined;
    const parts = this.name.split('/');
    for (let from = 0; from < parts.length; from++) {
      const path = `${parts.slice(from).join('/')}/${name}`;
      const found = this.manifest.get(path) ?? this.manifest.get(`${path}:0`);
      if (found !== undefined) return found;
    }
    const ending = `${parts.at(-1)}/${name}`;
    const matching = [...this.manifest.keys()].filter((key) =>
      `/${key.replace(/:0$/, '')}`.endsWith(`/${ending}`),
    );
    if (matching.length === 1) return this.manifest.get(matching[0]!);
    throw this.wrong(
      matching.length === 0 ? `no weights named "${ending}"` : `${matching.length} weights named "${ending}"`,
      'one in weightsManifest, or none of any layer',
    );
  }

  wrong(found: string, expected: string): NonnError {
    return complain({ file: `layer ${this.name} (${this.className})`, found, expected });
  }
}
