// Writes schemas/*.schema.json, with which editors check and complete the files that people write.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as nonn from '../dist/index.js';
import { schemaTexts } from './schemas.mjs';
import { root } from './steps.mjs';

mkdirSync(join(root, 'schemas'), { recursive: true });
for (const [file, text] of Object.entries(schemaTexts(nonn))) {
  writeFileSync(join(root, 'schemas', file), text);
  console.log(`schemas/${file}`);
}
