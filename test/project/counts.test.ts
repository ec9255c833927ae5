import { describe, expect, it } from 'vitest';
import { countsLine } from '../../scripts/counts.mjs';

const report = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };

describe('the last line of the test command', () => {
  it('counts what the test runner counted', () => {
    expect(countsLine(report, [])).toEqual({ line: '5 passed, 0 failed', good: true });
    expect(countsLine({ ...report, numPendingTests: 2, numTodoTests: 1 }, [])).toEqual({
      line: '5 passed, 0 failed, 3 skipped',
      good: true,
    });
    expect(countsLine({ ...report, numFailedTests: 2 }, ['tests'])).toEqual({
      line: '5 passed, 2 failed',
      good: false,
    });
  });

  it('counts a step that failed', () => {
    expect(countsLine(report, ['types', 'lint and format'])).toEqual({
      line: '5 passed, 2 failed',
      good: false,
    });
  });

  it('counts a test file that could not be loaded', () => {
    const testResults = [{ status: 'failed', assertionResults: [] }];
    expect(countsLine({ ...report, testResults }, ['tests'])).toEqual({
      line: '5 passed, 1 failed',
      good: false,
    });
  });

  it('is a failure where the runner failed without a failed test, left no counts, or ran nothing', () => {
    expect(countsLine(report, ['tests'])).toEqual({ line: '5 passed, 1 failed', good: false });
    expect(countsLine(undefined, ['tests'])).toEqual({ line: '0 passed, 1 failed', good: false });
    expect(countsLine({ ...report, numPassedTests: 0 }, [])).toEqual({
      line: '0 passed, 0 failed',
      good: false,
    });
  });
});
