import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/seed.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Kernels really run in some tests, on machines that may be slow and shared.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
