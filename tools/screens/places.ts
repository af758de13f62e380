import type { Page } from '@playwright/test';
import type { AttentionItem } from '../../contract/channels/sync.ts';
import { openByName } from '../../test/support/workspace-steps.ts';
import { handoverPlaces } from './handover-places.ts';
import { putRightPlaces } from './put-right-places.ts';
import { roundPlaces } from './round-places.ts';

/** A screen in one of its states. */
export interface Place {
  /** Its file's name begins so. */
  readonly name: string;
  /** From the surgery list of an unlocked workspace, just loaded. */
  readonly go: (page: Page) => Promise<void>;
}

const surgeryStands = (page: Page) => page.locator('.surgery tbody tr').first().waitFor();

/** The oldest of those who are booked, whose record is long: so that there is something to look at. */
async function openRecord(page: Page): Promise<void> {
  await surgeryStands(page);
  const lines = page.locator('.surgery tbody tr');
  const ages = (await lines.allInnerTexts()).map((words) => Number(/\((\d+)y/.exec(words)?.[1] ?? 0));
  await lines
    .nth(ages.indexOf(Math.max(...ages)))
    .locator('.surgery-name')
    .focus();
  await page.keyboard.press('Enter');
  await page.locator('.record-body').waitFor();
}

async function tab(page: Page, digit: number): Promise<void> {
  await openRecord(page);
  await page.keyboard.press(`Alt+${digit}`);
  await page.locator('[role="tabpanel"]').waitFor();
  await page.locator('[role="tabpanel"] [aria-busy]').waitFor({ state: 'detached' });
}

async function press(page: Page, key: string, then: string): Promise<void> {
  await page.keyboard.press(key);
  await page.locator(then).first().waitFor();
}

async function phase(page: Page, change: Parameters<typeof window.fakeMain.setSession>[0]): Promise<void> {
  await surgeryStands(page);
  await page.evaluate((next) => window.fakeMain.setSession(next), change);
  await page.locator('main.gate h1').waitFor();
}

/** An hour ago, so that every run shows an age. */
const before = () => new Date(Date.now() - 3_600_000).toISOString();

function conflict(): AttentionItem {
  return {
    itemId: 'conflict-1',
    kind: 'conflict',
    patientId: '00000000-0000-4000-8000-0000000f0005',
    raisedAt: before(),
    sentence: 'You stopped ramipril; Nurse Bell raised its dose to 5 mg.',
    rule: 'Two changes of one medicine are never merged.',
    resource: 'MedicationStatement/m1',
    mine: { author: 'Dr Amara Okafor', recordedAt: before(), resource: '{"status":"stopped"}' },
    theirs: { author: 'Nurse Bell', recordedAt: before(), resource: '{"status":"active"}' },
    differences: [
      { path: 'status', mine: '"stopped"', theirs: '"active"' },
      { path: 'dosage', mine: null, theirs: '"5 mg daily"' },
    ],
    choices: ['keep-mine', 'keep-theirs', 'keep-both'],
  };
}

function safetyFinding(): AttentionItem {
  return {
    itemId: 'safety-1',
    kind: 'safety-finding',
    patientId: '00000000-0000-4000-8000-0000000f0005',
    raisedAt: before(),
    sentence: 'Amoxicillin was recorded for a patient with an allergy to penicillin, recorded by Nurse Bell.',
    rule: 'Allergy and medicine are checked again when the work of two people meets.',
    differences: [],
    choices: ['acknowledge'],
  };
}

async function attention(page: Page, items: readonly AttentionItem[]): Promise<void> {
  await surgeryStands(page);
  await page.evaluate(
    (all) => {
      window.fakeMain.attention = [...all];
      window.fakeMain.tell('sync.attention-changed', all);
      window.fakeMain.setSync({ attention: all.length });
    },
    [...items],
  );
  await press(page, 'F9', '.attention-item');
  await page
    .getByText(/TESTPAPER/)
    .first()
    .waitFor();
}

async function offline(page: Page): Promise<void> {
  await surgeryStands(page);
  await page.evaluate(
    (since) =>
      window.fakeMain.setSync({
        connection: 'offline',
        connectionDetail: 'No answer from the record service.',
        offlineSince: since,
        lastInStep: since,
        dataAsOf: since,
        inStep: false,
        pending: {
          groups: 3,
          operations: 7,
          oldestRecordedAt: since,
          byPatient: [
            {
              patientId: '00000000-0000-4000-8000-0000000f0005',
              operations: 5,
              oldestRecordedAt: since,
            },
            { patientId: null, operations: 2, oldestRecordedAt: since },
          ],
        },
      }),
    before(),
  );
  await page
    .getByText(/offline/i)
    .first()
    .waitFor();
}

async function templates(page: Page): Promise<void> {
  await surgeryStands(page);
  await page.keyboard.press('Alt+q');
  await page.getByRole('heading', { name: 'Templates and checks' }).waitFor();
  await page.locator('.templates-choice', { hasText: 'Asthma review' }).click();
}

async function consultation(page: Page): Promise<void> {
  await openRecord(page);
  await press(page, 'F4', '[data-note-line]');
  await page.keyboard.type('Chest tightness on the stairs for two weeks, gone in minutes at rest.');
  await page.keyboard.press('Enter');
  await page.keyboard.type('e Pulse regular. Heart sounds normal.');
  await page.keyboard.press('Enter');
}

async function observations(page: Page): Promise<void> {
  await openRecord(page);
  await press(page, 'F6', '[data-observation]');
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
  await page.locator('.news2-total').waitFor();
}

/** Every screen with its states, in the order in which a day meets them. */
export const places: readonly Place[] = [
  { name: 'session-choose-service', go: (page) => phase(page, { phase: 'choose-service' }) },
  { name: 'session-signed-out', go: (page) => phase(page, { phase: 'signed-out', enrolled: [] }) },
  { name: 'session-signing-in', go: (page) => phase(page, { phase: 'signing-in' }) },
  {
    name: 'session-sign-in-error',
    go: async (page) => {
      await phase(page, { phase: 'signed-out', enrolled: [] });
      await page.evaluate(() => {
        window.fakeMain.refuseNextSignIn = {
          code: 'service-unreachable',
          message: 'The record service cannot be reached.',
          lost: 'nothing',
          remedy: 'Check the network and try again.',
        };
      });
      await page.getByRole('button', { name: /^Sign in/ }).click();
      await page.getByText(/cannot be reached/).waitFor();
    },
  },
  { name: 'session-set-passphrase', go: (page) => phase(page, { phase: 'set-passphrase' }) },
  { name: 'session-locked', go: (page) => phase(page, { phase: 'locked' }) },
  {
    name: 'session-tour',
    go: async (page) => {
      await surgeryStands(page);
      await press(page, 'F1', '[role="dialog"]');
      await page.getByRole('button', { name: /tour/i }).first().click();
    },
  },
  { name: 'surgery-full', go: surgeryStands },
  {
    name: 'surgery-empty-day',
    go: async (page) => {
      await surgeryStands(page);
      for (let day = 0; day < 7; day += 1) await page.keyboard.press('Alt+ArrowRight');
      await page.locator('.surgery .empty').waitFor();
    },
  },
  {
    name: 'surgery-first-load',
    go: async (page) => {
      await surgeryStands(page);
      await page.evaluate(() =>
        window.fakeMain.setSync({
          inStep: false,
          firstLoad: {
            patientsDone: 2_140,
            patientsTotal: 10_000,
            bytesDone: 31_000_000,
            bytesTotal: 146_000_000,
            secondsLeft: 21,
            paused: false,
          },
        }),
      );
    },
  },
  { name: 'surgery-offline', go: offline },
  {
    name: 'palette',
    go: async (page) => {
      await surgeryStands(page);
      await press(page, 'Control+k', '[role="combobox"]');
      await page.keyboard.type('testtwin');
      await page.getByRole('option').first().waitFor();
    },
  },
  {
    name: 'palette-nobody',
    go: async (page) => {
      await surgeryStands(page);
      await press(page, 'Control+k', '[role="combobox"]');
      await page.keyboard.type('qqqqqq');
      await page
        .getByText(/no |nobody|nothing/i)
        .first()
        .waitFor();
    },
  },
  { name: 'templates', go: templates },
  {
    name: 'templates-editor',
    go: async (page) => {
      await templates(page);
      await page.getByRole('button', { name: 'Copy and change' }).click();
      await page.getByLabel('Name').waitFor();
    },
  },
  {
    name: 'templates-faults',
    go: async (page) => {
      await templates(page);
      await page.getByRole('button', { name: 'New template' }).click();
      await page.getByLabel('Ages from').fill('five');
      await page.keyboard.press('Control+Enter');
      await page.getByRole('alert').first().waitFor();
    },
  },
  {
    name: 'templates-try-out',
    go: async (page) => {
      await templates(page);
      await page.getByRole('button', { name: 'Try out' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'templates-checks',
    go: async (page) => {
      await templates(page);
      await page.getByRole('button', { name: 'Checks' }).click();
      await page.getByRole('button', { name: 'Switch off: NEWS2' }).click();
      await page.keyboard.type('Band of the pulse is wrong; a new version comes on Friday');
      await page.keyboard.press('Enter');
      await page.getByText('NEWS2 is switched off').waitFor();
    },
  },
  {
    name: 'templates-prescribing',
    go: async (page) => {
      await templates(page);
      await page.getByRole('button', { name: 'Prescribing system' }).click();
      await page.getByLabel('Prescribing is done in').fill('EMIS Web');
    },
  },
  { name: 'registration', go: async (page) => (await surgeryStands(page), press(page, 'Alt+r', 'form')) },
  { name: 'record-summary', go: (page) => tab(page, 1) },
  { name: 'record-journal', go: (page) => tab(page, 2) },
  { name: 'record-problems', go: (page) => tab(page, 3) },
  { name: 'record-medication', go: (page) => tab(page, 4) },
  { name: 'record-results', go: (page) => tab(page, 5) },
  { name: 'record-graphs', go: (page) => tab(page, 6) },
  { name: 'record-documents', go: (page) => tab(page, 7) },
  { name: 'record-find', go: (page) => tab(page, 8) },
  {
    name: 'record-look-alike',
    go: async (page) => {
      await surgeryStands(page);
      await openByName(page, 'testtwin alexa');
    },
  },
  {
    name: 'record-deceased',
    go: async (page) => {
      await surgeryStands(page);
      await openByName(page, 'testlate');
    },
  },
  {
    name: 'record-child',
    go: async (page) => {
      await surgeryStands(page);
      await openByName(page, 'testchild');
    },
  },
  {
    name: 'record-demographics',
    go: async (page) => (await openRecord(page), press(page, 'Alt+d', '[role="dialog"]')),
  },
  { name: 'consultation', go: consultation },
  {
    name: 'consultation-terms',
    go: async (page) => {
      await consultation(page);
      await page.keyboard.type('a angina');
      await page.locator('.note-terms [role="option"]').first().waitFor();
    },
  },
  {
    name: 'consultation-medicine',
    go: async (page) => {
      await consultation(page);
      await page.keyboard.press('Enter');
      await page.keyboard.type('m paracetamol 1g qds, his usual inhaler');
      await page.keyboard.press('Alt+j');
      await page.getByLabel('Relation to the patient').selectOption('daughter');
      await page.getByLabel('Their name').fill('Ann Example');
      await page.getByLabel('Speaks for the patient by').selectOption('health-attorney');
      await page.locator('.line-allergies').first().waitFor();
    },
  },
  {
    name: 'consultation-review',
    go: async (page) => {
      await consultation(page);
      await page.keyboard.press('Control+Enter');
      await page.getByRole('button', { name: /^Sign for / }).waitFor();
    },
  },
  {
    name: 'consultation-not-saved',
    go: async (page) => {
      await consultation(page);
      await page.evaluate(() => {
        window.fakeMain.refuseNextSave = {
          code: 'disk-full',
          message: 'This computer’s disk is full, so the consultation was not saved.',
          lost: 'not-saved',
          remedy: 'Free some space, then sign again.',
        };
      });
      await page.keyboard.press('Control+Enter');
      await page.getByRole('button', { name: /^Sign for / }).click();
      await page
        .getByText(/disk is full/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'observations-empty',
    go: async (page) => (await openRecord(page), press(page, 'F6', '[data-observation]')),
  },
  { name: 'observations-news2', go: observations },
  {
    name: 'observations-not-sent',
    go: async (page) => {
      await observations(page);
      await page.keyboard.press('Control+Enter');
      await page
        .getByText(/NOT SENT/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'add-problem',
    go: async (page) => (await openRecord(page), press(page, 'Alt+p', '[role="dialog"]')),
  },
  {
    name: 'add-allergy',
    go: async (page) => (await openRecord(page), press(page, 'Alt+a', '[role="dialog"]')),
  },
  {
    name: 'add-medication',
    go: async (page) => (await openRecord(page), press(page, 'Alt+m', '[role="dialog"]')),
  },
  {
    name: 'tasks-loading',
    go: async (page) => (await surgeryStands(page), press(page, 'Alt+k', '.surgery-head')),
  },
  {
    name: 'tasks',
    go: async (page) => {
      await surgeryStands(page);
      await press(page, 'Alt+k', '.surgery-head');
      await page.locator('[aria-busy]').waitFor({ state: 'detached' });
    },
  },
  {
    name: 'sync-in-step',
    go: async (page) => (await surgeryStands(page), press(page, 'F9', '.sync-screen')),
  },
  { name: 'sync-offline', go: async (page) => (await offline(page), press(page, 'F9', '.sync-screen')) },
  { name: 'sync-conflict', go: (page) => attention(page, [conflict(), safetyFinding()]) },
  ...putRightPlaces,
  ...handoverPlaces,
  ...roundPlaces,
  {
    name: 'help-shortcuts',
    go: async (page) => (await surgeryStands(page), press(page, 'F1', '[role="dialog"]')),
  },
  {
    name: 'settings',
    go: async (page) => (await surgeryStands(page), press(page, 'Alt+g', '[role="dialog"]')),
  },
];
