import { defineProject } from 'vitest/config';

export default defineProject({ test: { name: 'zod-schemas', include: ['src/**/*.test.ts'] } });
