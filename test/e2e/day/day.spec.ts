/** A day without network in its short form: `npm run day` is the whole of it. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { runDay } from '../../../tools/day/run-day.ts';

const records = resolve(import.meta.dirname, '../../../../shared/data/gp-records');

test.describe.configure({ timeout: 300_000 });

test('L27, I16, S14: GP, nurse and locum work apart without network, and all of it meets', async ({}, testInfo) => {
  const report = await runDay({
    patients: 2,
    engine: 'embedded',
    out: join(testInfo.outputDir, 'day'),
    say: (line) => {
      testInfo.annotations.push({ type: 'day', description: line });
    },
  });
  expect(report.differences).toEqual([]);
  expect(report.kills).toHaveLength(2);
});

test('the same with records of a live system', async ({}, testInfo) => {
  test.skip(!existsSync(records), 'The shared GP records are not beside this checkout.');
  const report = await runDay({
    records,
    recordFiles: 2,
    patients: 2,
    engine: 'embedded',
    out: join(testInfo.outputDir, 'day'),
    say: (line) => {
      testInfo.annotations.push({ type: 'day', description: line });
    },
  });
  expect(report.differences).toEqual([]);
  expect(report.imported?.unexplained).toBe(0);
});
