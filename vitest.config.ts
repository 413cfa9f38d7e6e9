import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,golden,property}/**/*.test.{ts,tsx}'],
    // Everything tested here must also run in Node; what needs a browser is tested in test/e2e in a real one.
    environment: 'node',
    reporters: ['default', ['json', { outputFile: `${process.env['WALKSCOPE_REPORTS'] ?? '.reports'}/unit.json` }]],
    passWithNoTests: false,
    // Ends what hangs; no test measures time. Generous, for a machine of which others take most.
    testTimeout: 120_000,
    // The default leaves one processor idle, which of two is half of them.
    maxWorkers: '100%',
  },
});
