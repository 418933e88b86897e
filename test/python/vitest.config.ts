import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['test/python/write.test.ts'], testTimeout: 120_000 } });
