import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { startProgress } from '../../src/cli/progress.js';

describe('a progress bar', () => {
  it('is drawn on a terminal once the work has taken a second', () => {
    const { stream, text } = terminal(true);
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    const progress = startProgress('sweep', 10, { quiet: false }, stream);
    progress.reach(1);
    expect(text()).toBe('');
    clock.mockReturnValue(1500);
    progress.reach(5);
    progress.stop();
    expect(text()).toContain('sweep');
    expect(text()).toContain('5/10');
    clock.mockRestore();
  });

  it.each([
    ['with --quiet', true, true],
    ['where stderr is not a terminal', false, false],
  ])('is never drawn %s', (_, isTTY, quiet) => {
    const { stream, text } = terminal(isTTY);
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
    const progress = startProgress('sweep', 10, { quiet }, stream);
    clock.mockReturnValue(5000);
    progress.reach(5);
    progress.stop();
    expect(text()).toBe('');
    clock.mockRestore();
  });
});

/** A stream that remembers what was drawn on it. */
function terminal(isTTY: boolean): { stream: NodeJS.WriteStream; text: () => string } {
  let drawn = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      drawn += chunk;
      done();
    },
  });
  const screen = {
    isTTY,
    columns: 100,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
    clearScreenDown: () => true,
  };
  return { stream: Object.assign(stream, screen) as unknown as NodeJS.WriteStream, text: () => drawn };
}
