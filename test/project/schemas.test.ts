import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { schemaTexts } from '../../scripts/schemas.mjs';
import * as device from '../../src/device/index.js';
import * as gate from '../../src/gate/index.js';
import * as learn from '../../src/learn/index.js';
import * as plan from '../../src/plan/index.js';
import * as scenario from '../../src/scenario/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const texts = schemaTexts({ device, gate, learn, plan, scenario });

describe('the JSON Schemas', () => {
  it.each(Object.keys(texts))('%s is what `npm run schemas` writes', (file) => {
    expect(readFileSync(join(root, 'schemas', file), 'utf8')).toBe(texts[file]);
  });

  it('are all there are', () => {
    expect(readdirSync(join(root, 'schemas')).sort()).toEqual(Object.keys(texts).sort());
  });

  it.each(['device-profiles', 'scenarios'])('are named by every file of %s', (folder) => {
    const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.json'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const path = join(root, folder, file);
      const { $schema } = JSON.parse(readFileSync(path, 'utf8')) as { $schema?: string };
      expect(Object.keys(texts).map((name) => join(root, 'schemas', name))).toContain(
        resolve(dirname(path), $schema ?? ''),
      );
    }
  });
});
