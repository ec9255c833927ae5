import { describe, expect, it } from 'vitest';
import { isBuilt, root, runBuilt } from './run-built.js';

describe.skipIf(!isBuilt)('the commands on a microcontroller', () => {
  it('predict says what a network needs of flash and of SRAM, and what its energy is from', async () => {
    const args = ['predict', 'resnet8', '--profile', 'nucleo-l4r5zi'];
    const { code, stdout } = await runBuilt(root, args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n {2}flash +150 kB of 2\.1 MB\n {2}SRAM +72\.1 kB of 655 kB\n/);
    expect(stdout).toMatch(/energy +6\.\d+ mJ, from MLPerf Tiny's energy runs/);
    const json = JSON.parse((await runBuilt(root, [...args, '--json'])).stdout);
    expect(json.flash.bytes + json.sram.bytes).toBe(json.peakMemory);
  });

  it('predict says of a network that does not fit how much is too much', async () => {
    const { code, stdout } = await runBuilt(root, ['predict', 'wrn-40-4', '--profile', 'nucleo-u385rg-q']);
    expect(code).toBe(0);
    expect(stdout).toContain('flash      9.1 MB of 1.05 MB: does not fit, 8.05 MB too much');
    expect(stdout).toMatch(/SRAM +220 kB of 262 kB\n/);
  });

  it('explain shows both memories, the number format, and what short rows of a window cost', async () => {
    const { stdout } = await runBuilt(root, ['explain', 'nucleo-l4r5zi']);
    expect(stdout).toMatch(/memory\.flash +2\.097 MB +published/);
    expect(stdout).toMatch(/memory\.sram +655\.4 kB +published/);
    expect(stdout).toContain('dtype: int8');
    expect(stdout).toMatch(
      /work counts \(1 \+ [\d.]+ \/ outputs\) \(1 \+ [\d.]+ \/ depth \+ [\d.]+ \/ row\) times/,
    );
  });

  it('simulate shows the memories of each device', async () => {
    const args = ['simulate', 'scenarios/cifar10-mcu.json', '--candidate', 'nonn-wrn-16-1-x2'];
    const { stdout } = await runBuilt(root, args);
    expect(stdout).toMatch(/runtime +flash +SRAM\n/);
    expect(stdout).toMatch(/hub .* 263 kB +78\.4 kB\n/);
  });

  it('validate refuses to compare with what cannot run here', async () => {
    const { code, stderr } = await runBuilt(root, [
      'validate',
      '--profile',
      'nucleo-l4r5zi',
      '--kernels',
      '3',
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/runtime: found "x-cube-ai", expected one that runs here/);
  });
});
