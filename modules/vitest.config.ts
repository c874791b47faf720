import { defineProject } from 'vitest/config';

export default defineProject({ test: { name: 'modules', testTimeout: 30_000, include: ['*/*.test.ts'] } });
