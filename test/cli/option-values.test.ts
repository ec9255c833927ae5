import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { readOptions } from '../../src/cli/option-values.js';

const entry = (name: string) => commands.find((command) => command.name === name)!;

describe('the options of a command', () => {
  it('arrive as numbers, words and flags under their names', () => {
    expect(
      readOptions(entry('sweep'), { out: 'here', workers: '2', pick: 'knee', dryRun: true, seed: '7' }),
    ).toEqual({
      quiet: false,
      json: false,
      debug: false,
      seed: 7,
      out: 'here',
      workers: 2,
      pick: 'knee',
      dryRun: true,
    });
    expect(readOptions(entry('calibrate'), { out: 'p.json', budget: '5m' })).toMatchObject({ budget: 300 });
    expect(readOptions(entry('tiles'), { grid: '3x2' })).toMatchObject({ grid: [3, 2] });
    expect(readOptions(entry('validate'), { network: ['a', 'b'], tolerance: '.1' })).toMatchObject({
      network: ['a', 'b'],
      tolerance: 0.1,
    });
  });

  it('are absent where they were not given', () => {
    expect(readOptions(entry('doctor'), {})).toEqual({ quiet: false, json: false, debug: false });
  });

  it('end every text in a value or one line', () => {
    const options = commands.flatMap((command) =>
      command.options
        .filter(({ value }) => value.kind !== 'flag' && value.kind !== 'texts')
        .map((option) => ({ command, option })),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '0',
        '-1',
        '1e400',
        '1e30',
        'NaN',
        'Infinity',
        '0x0',
        '0s',
        '9'.repeat(400),
        '__proto__',
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...options), text, ({ command, option }, raw) => {
        const name = option.name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
        try {
          const value = (readOptions(command, { [name]: raw }) as unknown as Record<string, unknown>)[name];
          if (typeof value === 'number') expect(value >= 0 && value <= Number.MAX_SAFE_INTEGER).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ name: 'NonnError', exitCode: 2 });
          expect((error as Error).message).toMatch(/^--[a-z-]+: found .*, expected .+$/u);
        }
      }),
    );
  });
});
