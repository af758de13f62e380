/** Screens on which something is put right: a slip of a key, a refused save, words in the wrong record, an alarm, late news. */
import type { Page } from '@playwright/test';
import { openByName } from '../../test/support/workspace-steps.ts';
import type { Place } from './places.ts';

const paper = '00000000-0000-4000-8000-0000000f0005';
const surgeryStands = (page: Page) => page.locator('.surgery tbody tr').first().waitFor();

/** A consultation of one line, signed in this record. */
async function signedIn(page: Page, name: string): Promise<void> {
  await surgeryStands(page);
  await openByName(page, name);
  await page.keyboard.press('F4');
  await page.locator('[data-note-line]').first().fill('Sore throat, fever for two days');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: /^Sign for/ }).click();
  await page.locator('[data-note-line]').first().waitFor({ state: 'detached' });
}

async function refused(page: Page): Promise<void> {
  await surgeryStands(page);
  await openByName(page, 'testpaper');
  await page.keyboard.press('F8');
  await page.getByLabel('What is to be done').fill('Ring about the knee');
  await page.getByRole('button', { name: /^Save for/ }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.evaluate(() => {
    const { saved, session } = window.fakeMain;
    const items = saved.map((save, at) => ({
      itemId: `rejected:${at}`,
      kind: 'rejected' as const,
      patientId: save.patientId ?? null,
      raisedAt: new Date(Date.now() - 3_600_000).toISOString(),
      sentence:
        'The record service did not take the task Ring about the knee, saved by the GP Dr Amara Okafor. It is kept on this computer.',
      rule: 'The record service could not take this entry: something in it is not valid. It said: Task.authoredOn is not a date.',
      differences: [],
      choices: ['will-not-send' as const],
      refused: {
        groupId: save.groupId,
        authorUserId: session.user?.userId ?? '',
        operations: save.changes.map(({ kind, resource, after }) => ({ kind, resource, after })),
      },
    }));
    window.fakeMain.attention = items;
    window.fakeMain.tell('sync.attention-changed', items);
  });
  await page.keyboard.press('F9');
  await page.locator('.attention-item').first().waitFor();
}

async function arrived(page: Page): Promise<void> {
  await surgeryStands(page);
  await openByName(page, 'testpaper');
  await page.waitForFunction(() => window.fakeMain.looked.length > 0);
  await page.evaluate(
    async ({ id, at }) => {
      await window.fakeMain.arrive(id, [
        {
          resourceType: 'Observation',
          id: 'late-potassium',
          meta: { versionId: '2', lastUpdated: at },
          status: 'final',
          subject: { reference: `Patient/${id}` },
          effectiveDateTime: at,
          code: { text: 'Serum potassium' },
          valueQuantity: { value: 6.4, unit: 'mmol/L' },
          interpretation: [{ coding: [{ code: 'H' }] }],
          performer: [{ display: 'Laboratory' }],
        },
      ] as never);
    },
    // Later than every entry of the fixture, at whatever time this runs.
    { id: paper, at: new Date(Date.now() + 86_400_000).toISOString() },
  );
  await page.getByText('Arrived since you last looked').first().waitFor();
}

export const putRightPlaces: readonly Place[] = [
  {
    name: 'surgery-visit-keys',
    go: async (page) => {
      await surgeryStands(page);
      await page.keyboard.press('ArrowDown');
      await page.locator('.surgery tr[data-chosen] kbd').first().waitFor();
    },
  },
  {
    name: 'alarm-have-phoned',
    go: async (page) => {
      await surgeryStands(page);
      await page.evaluate((patientId) => {
        window.fakeMain.setAlarms([
          {
            groupId: '00000000-0000-4000-8000-00000000aaaa',
            patientId,
            kind: 'early-warning-score',
            what: 'NEWS2 9: emergency',
            author: 'Dr Amara Okafor',
            recordedAt: '2026-11-22T10:00:00+00:00',
            state: 'waiting',
          },
        ]);
      }, paper);
      await page.keyboard.press('Alt+u');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'sync-refused', go: refused },
  {
    name: 'record-correct-refused',
    go: async (page) => {
      await refused(page);
      await page.getByRole('button', { name: 'Correct and send again' }).click();
      await page.getByRole('dialog', { name: 'Correct and send again' }).waitFor();
    },
  },
  {
    name: 'record-move-entry',
    go: async (page) => {
      await signedIn(page, 'testpaper');
      await page.keyboard.press('Alt+2');
      const consultation = page.getByRole('article').filter({ hasText: 'Sore throat' });
      await consultation.getByRole('button').first().focus();
      await consultation.getByRole('button', { name: 'Move to the right patient' }).focus();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('The right patient').fill('testtwin');
      await dialog
        .getByRole('button', { name: /TESTTWIN/ })
        .first()
        .waitFor();
    },
  },
  { name: 'record-arrived', go: arrived },
  {
    name: 'tasks-arrived',
    go: async (page) => {
      await arrived(page);
      await page.keyboard.press('Alt+k');
      await page.locator('.arrived').waitFor();
    },
  },
];
