import react from '@vitejs/plugin-react';
import { defineProject } from 'vitest/config';

export default defineProject({
  plugins: [react()],
  test: { name: 'frontend', testTimeout: 30_000, include: ['src/**/*.test.{ts,tsx}'], environment: 'node' },
});
