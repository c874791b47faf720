import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/test/tell_pages.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // Browsers and servers share few processors: side by side they would only wait for each other.
    fileParallelism: false,
  },
});
