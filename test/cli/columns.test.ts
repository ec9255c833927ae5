import { describe, expect, it } from 'vitest';
import { colours } from '../../src/cli/colour.js';
import { columns } from '../../src/cli/columns.js';

describe('columns on a terminal', () => {
  it('stand text at the left, numbers at the right, and end without spaces', () => {
    expect(
      columns(
        ['design', 'latency', 'note'],
        [
          ['single', '1.2 ms', 'baseline'],
          ['nonn-4', '13.2 ms', ''],
        ],
      ),
    ).toBe('design  latency  note\nsingle   1.2 ms  baseline\nnonn-4  13.2 ms');
  });

  it('have no head where it is empty', () => {
    expect(columns(['', ''], [['cores', '2']])).toBe('cores  2');
  });
});

describe('colours', () => {
  it('are for terminals only, and never where NO_COLOR is set', () => {
    const before = process.env['NO_COLOR'];
    try {
      process.env['NO_COLOR'] = '1';
      expect(colours({ isTTY: true }).red('x')).toBe('x');
      delete process.env['NO_COLOR'];
      process.env['TERM'] ??= 'xterm';
      expect(colours({ isTTY: false }).red('x')).toBe('x');
      expect(colours({}).red('x')).toBe('x');
      expect(colours({ isTTY: true }).red('x')).toContain('x');
    } finally {
      if (before === undefined) delete process.env['NO_COLOR'];
      else process.env['NO_COLOR'] = before;
    }
  });
});
