/**
 * The last line of the test command, and whether all is well, from what vitest wrote (`--reporter=json`; undefined if
 * it wrote nothing) and the names of the steps that failed. A failed step counts as one failure.
 */
export function countsLine(report, failedSteps) {
  const passed = report?.numPassedTests ?? 0;
  const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0);
  // A file that could not be loaded has no failed test to count, but has failed all the same.
  const unloaded = (report?.testResults ?? []).filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const tests = (report?.numFailedTests ?? 0) + unloaded;
  // The step `tests` is counted by its tests, unless vitest failed without a failed test.
  const steps = failedSteps.filter((name) => name !== 'tests' || tests === 0).length;
  const failed = tests + steps;
  return {
    line: `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
    good: failed === 0 && passed > 0,
  };
}
