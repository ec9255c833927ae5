/** The parts of vitest's JSON report that are read. */
export interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

export function countsLine(
  report: Report | undefined,
  failedSteps: readonly string[],
): { readonly line: string; readonly good: boolean };
