import { defineProject } from 'vitest/config';

export default defineProject({ test: { name: 'tool-yaml', include: ['src/**/*.test.ts'] } });
