import { defineConfig } from '@playwright/test';
import { BROWSER_FLAGS } from './scripts/chromium.ts';

// scripts/e2e.ts sets both: the browser it found or obtained, and a free port. The defaults serve editor integrations.
const port = process.env['WALKSCOPE_PORT'] ?? '4173';
const executablePath = process.env['WALKSCOPE_CHROMIUM'];

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: '.reports/e2e',
  fullyParallel: true,
  forbidOnly: process.env['CI'] !== undefined,
  // A test that passes only sometimes has failed.
  retries: 0,
  workers: 2,
  timeout: 60_000,
  reporter: [['list'], ['json', { outputFile: `${process.env['WALKSCOPE_REPORTS'] ?? '.reports'}/e2e.json` }]],
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: { args: [...BROWSER_FLAGS], ...(executablePath === undefined ? {} : { executablePath }) },
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port ${port} --strictPort`,
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: false,
  },
});
