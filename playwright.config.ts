import { defineConfig } from '@playwright/test';

/** Real Electron, one at a time: the machine has two cores, and one of them is Chromium's. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  outputDir: '.gladstone/test-results',
  globalSetup: './test/support/global-setup.ts',
  reporter: process.env['GLADSTONE_REPORT']
    ? [['list'], ['json', { outputFile: process.env['GLADSTONE_REPORT'] }]]
    : [['list']],
  forbidOnly: true,
  retries: 0,
});
