import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { residentPeak } from '../../src/foundation/index.js';

const MEBIBYTE = 2 ** 20;

describe('the peak of resident memory', () => {
  it('counts what was written', () => {
    const written = Buffer.alloc(256 * MEBIBYTE, 1);
    expect(residentPeak()).toBeGreaterThan(written.length);
  });

  it.skipIf(!existsSync('/proc/self/status'))(
    'of a process is its own, not that of the larger one that started it (only Linux counts it so)',
    () => {
      const written = Buffer.alloc(512 * MEBIBYTE, 1);
      const module = new URL('../../dist/foundation/index.js', import.meta.url).href;
      const script = `import { residentPeak } from ${JSON.stringify(module)}; console.log(residentPeak());`;
      const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
      });
      expect(residentPeak()).toBeGreaterThan(written.length);
      expect(Number(output)).toBeGreaterThan(10 * MEBIBYTE);
      expect(Number(output)).toBeLessThan(256 * MEBIBYTE);
    },
  );
});
