import { defineConfig } from 'vitest/config';

/**
 * Three projects by what they need:
 *  - unit: pure rules, no I/O; runs anywhere in seconds.
 *  - integration: real engines (PGlite, PostgreSQL, file system, HTTP on loopback).
 * Real Electron is driven by Playwright (playwright.config.ts), not by vitest.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: { name: 'unit', include: ['test/unit/**/*.test.{ts,tsx}'], environment: 'node' },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts', 'test/security/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['test/support/postgres-cluster.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
