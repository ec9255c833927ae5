import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect } from 'vitest';
import { NonnError } from '../../src/foundation/index.js';

/** Checks that a file of any bytes, of any JSON, or right but for one value is read, or refused in one line. */
export function expectReadOrRefused(file: string, good: unknown, read: (file: string) => unknown): void {
  const json = fc.jsonValue().map((data) => Buffer.from(JSON.stringify(data)));
  const mutated = fc.tuple(fc.constantFrom(...paths(good)), fc.jsonValue()).map(([path, replacement]) => {
    const data = structuredClone(good);
    const holder = path
      .slice(0, -1)
      .reduce((here, step) => here[step] as Record<string, unknown>, data as Record<string, unknown>);
    holder[path.at(-1)!] = replacement;
    return Buffer.from(JSON.stringify(data));
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), json, mutated), (bytes) => {
      writeFileSync(file, bytes);
      try {
        read(file);
      } catch (error) {
        expect(error).toBeInstanceOf(NonnError);
        expect((error as NonnError).exitCode).toBe(2);
        expect((error as Error).message).not.toContain('\n');
      }
    }),
    { numRuns: 400 },
  );
}

function paths(data: unknown, path: string[] = []): string[][] {
  const here = path.length === 0 ? [] : [path];
  if (data === null || typeof data !== 'object') return here;
  return [...here, ...Object.entries(data).flatMap(([key, value]) => paths(value, [...path, key]))];
}
