import { defineConfig } from '@playwright/test';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BROWSER_FLAGS } from './scripts/chromium.ts';

// scripts/e2e.ts sets both: the browser it found or obtained, and a free port. The defaults serve editor integrations.
const port = process.env['WALKSCOPE_PORT'] ?? '4173';
const executablePath = process.env['WALKSCOPE_CHROMIUM'];

/** What is also run on the single file from file://: a part of the core, or all of it with WALKSCOPE_SINGLE=all. */
const CORE =
  process.env['WALKSCOPE_SINGLE'] === 'all' ? '{walk,keyboard,views,import,single}' : '{walk,keyboard,single}';

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: '.reports/e2e',
  fullyParallel: true,
  forbidOnly: process.env['CI'] !== undefined,
  // A test that passes only sometimes has failed.
  retries: 0,
  workers: 2,
  // No test measures time: these end a test that hangs, also on a machine of which others take most.
  timeout: 150_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: `${process.env['WALKSCOPE_REPORTS'] ?? '.reports'}/e2e.json` }]],
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    // A trace of every test takes a third of its time; --trace on has one made.
    trace: 'off',
    // Only the test of working offline wants the service worker; everywhere else it would be work for nothing.
    serviceWorkers: 'block',
    launchOptions: { args: [...BROWSER_FLAGS], ...(executablePath === undefined ? {} : { executablePath }) },
  },
  projects: [
    { name: 'page', testIgnore: '**/single.spec.ts' },
    {
      name: 'single file',
      testMatch: `**/${CORE}.spec.ts`,
      use: { baseURL: pathToFileURL(resolve('dist-single/index.html')).href },
    },
  ],
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port ${port} --strictPort`,
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: false,
  },
});
