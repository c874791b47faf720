import { defineProject } from 'vitest/config';

export default defineProject({
  test: { name: 'tool-yaml', testTimeout: 30_000, include: ['src/**/*.test.ts'] },
});
