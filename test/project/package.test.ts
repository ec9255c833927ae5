import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const packageFile = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly bin: { readonly nonn: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
};

describe('the package', () => {
  it('locks versions without the address of any registry', () => {
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, object> };
    const packages = Object.entries(lock.packages);
    expect(packages.length).toBeGreaterThan(50);
    expect(packages.filter(([, entry]) => 'resolved' in entry)).toEqual([]);
    expect(read('package-lock.json')).not.toMatch(/https?:\/\/[^"]*\.tgz/);
    expect(packages.filter(([name, entry]) => name !== '' && !('integrity' in entry))).toEqual([]);
  });

  it('builds inside start and test, because npm is told to run no hooks', () => {
    expect(read('.npmrc')).toContain('ignore-scripts=true');
    const { scripts } = packageFile;
    expect(Object.keys(scripts).filter((name) => /^(pre|post)/.test(name) || name === 'prepare')).toEqual([]);
    expect(scripts['start']).toBe(`node scripts/build.mjs && node ${packageFile.bin.nonn} quickstart`);
    expect(read('scripts/test.mjs')).toContain("name: 'build'");
  });

  it('is tested in continuous integration by the commands of its README', () => {
    const script = read('.ci/run').replace(/^#.*$/gm, '');
    const commands = script
      .match(/\bnpm (?:ci|test|run (?:-s )?\w+)/g)!
      .map((text) => text.replace('-s ', ''));
    expect(new Set(commands)).toEqual(new Set(['npm run native', 'npm ci', 'npm test']));
    for (const command of commands) expect(read('README.md')).toContain(command);
  });

  it('needs no native kernels: they are an optional peer, and no part of the lockfile', () => {
    expect(Object.keys(packageFile.dependencies)).not.toContain('@tensorflow/tfjs-node');
    expect(packageFile.peerDependenciesMeta).toEqual({ '@tensorflow/tfjs-node': { optional: true } });
    expect(read('package-lock.json')).not.toContain('node_modules/@tensorflow/tfjs-node');
  });
});
