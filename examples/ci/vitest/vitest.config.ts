import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    // A real application takes longer than Vitest's 5 seconds.
    testTimeout: 60_000,
  },
});
