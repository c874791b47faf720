import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: ['backend', 'frontend', 'packages/*', 'modules'],
    coverage: { include: ['backend/src/**', 'frontend/src/**', 'packages/*/src/**'] },
  },
});
