import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/test/tell_pages.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // Each file has an installation and browsers of its own, and waits for them most of the time. A server, its
    // PostgreSQL and a browser take about two processors when they are busy.
    maxWorkers: availableParallelism() >= 4 ? 2 : 1,
  },
});
