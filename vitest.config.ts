import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,golden,property}/**/*.test.{ts,tsx}'],
    // Everything tested here must also run in Node; what needs a browser is tested in test/e2e in a real one.
    environment: 'node',
    passWithNoTests: false,
    testTimeout: 30_000,
  },
});
