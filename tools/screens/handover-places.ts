/** The handover for ambulance or hospital: of a record in the midst of a visit, of a short one, and of one still arriving. */
import type { Page } from '@playwright/test';
import { openByName } from '../../test/support/workspace-steps.ts';
import type { Place } from './places.ts';

const paper = '00000000-0000-4000-8000-0000000f0005';
const surgeryStands = (page: Page) => page.locator('.surgery tbody tr').first().waitFor();

async function handOver(page: Page): Promise<void> {
  await page.keyboard.press('Control+h');
  await page.locator('.handover-paper').waitFor();
}

/** An acute set with a score, saved; then a note that is begun and not signed. */
async function visit(page: Page): Promise<void> {
  await page.keyboard.press('F6');
  await page.locator('[data-observation]').first().waitFor();
  await page.getByRole('button', { name: /acute/i }).click();
  const values: Record<string, string> = {
    respiration: '24',
    spo2: '93',
    oxygen: 'a',
    bloodPressure: '95/60',
    pulse: '112',
    pulseRhythm: 'r',
    consciousness: 'a',
    temperature: '38.4',
  };
  for (const box of await page.locator('[data-observation]').all()) {
    await box.focus();
    await page.keyboard.type(values[(await box.getAttribute('data-observation')) ?? ''] ?? '');
    await page.keyboard.press('Enter');
  }
  await page.keyboard.press('Control+Enter');
  await page
    .getByText(/NOT SENT/)
    .first()
    .waitFor();
  await page.keyboard.press('F4');
  await page.locator('[data-note-line]').first().waitFor();
  await page.getByLabel('Type of consultation').selectOption('Home visit');
  await page.locator('[data-note-line]').first().focus();
  for (const line of [
    'Found drowsy by carers at eight. Cough and green sputum for three days, not drinking since yesterday.',
    'e Crackles right base, dry mucous membranes, cool hands. Abdomen soft. No rash.',
    'a Pneumonia with sepsis until proven otherwise',
    'p 999, blue light. Oxygen started. Family informed, keys with the neighbour.',
  ]) {
    await page.keyboard.type(line);
    await page.keyboard.press('Enter');
  }
}

async function longRecord(page: Page): Promise<void> {
  await surgeryStands(page);
  await page.locator('.surgery-name').first().focus();
  await page.keyboard.press('Enter');
  await page.locator('.record-body').waitFor();
}

export const handoverPlaces: readonly Place[] = [
  {
    name: 'handover',
    go: async (page) => {
      await longRecord(page);
      await visit(page);
      await handOver(page);
    },
  },
  {
    name: 'handover-end',
    go: async (page) => {
      await longRecord(page);
      await handOver(page);
      await page.locator('.handover-paper .handover-part').last().scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'handover-short',
    go: async (page) => {
      await surgeryStands(page);
      await openByName(page, 'testpaper');
      await handOver(page);
    },
  },
  {
    name: 'handover-sensitive',
    go: async (page) => {
      await surgeryStands(page);
      await openByName(page, 'testpaper');
      await page.evaluate(async (id) => {
        await window.fakeMain.arrive(id, [
          {
            resourceType: 'Condition',
            id: 'private',
            meta: { versionId: '2', security: [{ code: 'third-party', display: 'Third party' }] },
            subject: { reference: `Patient/${id}` },
            code: { text: 'Words about a neighbour' },
            clinicalStatus: { coding: [{ code: 'active' }] },
            category: [{ coding: [{ code: 'problem-list-item' }] }],
          },
        ] as never);
      }, paper);
      await handOver(page);
      await page.getByRole('button', { name: /marked as sensitive/ }).waitFor();
    },
  },
];
