/** One real line through every room: real service, real Electron, the network cut, the power gone, and nothing lost. */
import { accessibilityViolations, expect, test } from '../../support/electron.ts';
import { openPatient, patientsOf, sign, writeConsultation } from '../../support/consulting.ts';
import { signInHere, startPractice, unlockHere } from '../../support/practice.ts';
import type { Practice } from '../../support/practice.ts';

test.describe.configure({ timeout: 240_000 });

let practice: Practice;
test.beforeAll(async () => {
  practice = await startPractice({ patients: 12 });
});
test.afterAll(() => practice.close());

test('L27, S14: a consultation signed offline survives a kill and reaches the service once', async ({
  desktop,
}) => {
  const [patient] = await patientsOf(practice, 1);
  if (!patient) throw new Error('the practice has no patients');
  const words = 'wheeze since Tuesday, worse at night';
  const first = await signInHere(desktop, practice, 'gp');
  await expect(first.page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  expect(await accessibilityViolations(first.page)).toEqual([]);

  practice.network.cut();
  await openPatient(first.page, patient);
  await writeConsultation(first.page, words);
  await sign(first.page);
  await first.kill();

  const second = await desktop.open({
    profile: first.profile,
    environment: { GLADSTONE_SERVICE: practice.url },
  });
  await unlockHere(second.page);
  await openPatient(second.page, patient);
  await expect(second.page.getByText(words).first()).toBeVisible();

  practice.network.mend();
  const written = async (): Promise<number> => {
    const found = await practice.search(`Composition?subject=Patient/${patient.id}&_count=200`);
    return (found.entry ?? []).filter(({ resource }) => JSON.stringify(resource).includes(words)).length;
  };
  await expect.poll(written, { timeout: 90_000 }).toBe(1);
  await expect(second.page.getByText(/In step/).first()).toBeVisible({ timeout: 60_000 });
  expect(await written()).toBe(1);
});
