import { defineProject } from 'vitest/config';

export default defineProject({
  test: { name: 'module-sdk', testTimeout: 30_000, include: ['src/**/*.test.ts'] },
});
