// Makes `results/<scenario>/` anew from every committed scenario: result, candidates, plots, and the baseline that
// `nonn gate` compares with. The same inputs give the same bytes, so a difference in git is a difference in numbers.
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { run } from './steps.mjs';

const nonn = 'dist/cli/main.js';
for (const file of readdirSync('scenarios').filter((name) => name.endsWith('.json'))) {
  const folder = `results/${basename(file, '.json')}`;
  for (const args of [
    ['sweep', `scenarios/${file}`, '--out', folder],
    ['gate', folder, '--baseline', `${folder}/baseline.json`, '--update-baseline'],
  ]) {
    const { code } = await run(process.execPath, [nonn, ...args]);
    if (code !== 0) process.exit(code ?? 2);
  }
}
