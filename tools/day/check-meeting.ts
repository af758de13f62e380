/** Work made apart that met: the safety rules spoke to both authors (I16), the conflict kept both versions (I4). */
import { canonicalJson } from '../../domain/sync/canonical-json.ts';
import { demoStaff } from '../../record-service/seed/demo-practice.ts';
import type { Finding, MadeToday } from './check-service.ts';
import { shown } from './keyboard.ts';
import { practitionerOf } from './people.ts';
import type { DayPatient } from './people.ts';
import type { Seat } from './seat.ts';
import { listAt, textAt } from './service-record.ts';
import type { Resource, ServiceChange } from './service-record.ts';

function reviewTasks(made: MadeToday, kind: string): readonly Resource[] {
  const tasks = made.find('Task', (task) =>
    listAt(task, 'code.coding').some((coding) => textAt(coding, 'code') === kind),
  );
  for (const task of tasks) made.take(`Task/${task.id}`);
  return tasks;
}

function ownersOf(tasks: readonly Resource[]): readonly string[] {
  return tasks.map((task) => textAt(task, 'owner.reference') || 'duty queue').toSorted();
}

/** A task each for nurse and locum, and one for the duty queue, on this patient. */
export function checkMeeting(made: MadeToday, patientId: string): Finding {
  const tasks = reviewTasks(made, 'combined-safety');
  const wanted = [practitionerOf('locum'), practitionerOf('nurse'), 'duty queue'].toSorted();
  const differences: string[] = [];
  if (JSON.stringify(ownersOf(tasks)) !== JSON.stringify(wanted))
    differences.push(`review tasks for ${ownersOf(tasks).join(', ') || 'nobody'}`);
  for (const task of tasks) {
    if (textAt(task, 'for.reference') !== `Patient/${patientId}`)
      differences.push('a task is about another patient');
    const words = textAt(task, 'description').toLowerCase();
    if (!words.includes('penicillin') || !words.includes('amoxicillin'))
      differences.push(`a task does not say what met: ${words}`);
  }
  return { what: 'allergy and amoxicillin made apart: both authors have a review task', differences };
}

/** What stands is the colleague's; the version made here without network is kept whole, and two are told. */
export function checkConflict(
  made: MadeToday,
  change: ServiceChange,
  conflict: { readonly key: string; readonly theirs: Resource; readonly comment: string },
): Finding {
  const differences: string[] = [];
  const stands = change.changed.get(conflict.key);
  if (stands === undefined || canonicalJson(stands) !== canonicalJson(conflict.theirs))
    differences.push('what stands at the service is not what the colleague wrote');
  const tasks = reviewTasks(made, 'sync-conflict');
  const wanted = [practitionerOf('gp'), 'duty queue'].toSorted();
  if (JSON.stringify(ownersOf(tasks)) !== JSON.stringify(wanted))
    differences.push(`conflict tasks for ${ownersOf(tasks).join(', ') || 'nobody'}`);
  for (const task of tasks) {
    const losing = listAt(task, 'input').find((input) => JSON.stringify(input).includes('losing-version'));
    if (!textAt(losing, 'valueString').includes(conflict.comment))
      differences.push('the GP’s version is not kept whole');
  }
  return { what: 'problem changed in two places: nothing was overwritten', differences };
}

/** The title bar says it on every screen, and the list of tasks says what. */
export async function checkMeetingOnScreen(seat: Seat): Promise<Finding> {
  const { keys, page } = seat;
  const differences: string[] = [];
  await shown('the safety task in the title bar', page.getByText('⚠ 1 safety')).catch(() =>
    differences.push('the title bar does not say it'),
  );
  await keys.press('Alt+K');
  const row = page
    .getByRole('row')
    .filter({ hasText: /amoxicillin/i })
    .filter({ hasText: /penicillin/i });
  await shown('the review task', row).catch(() => differences.push('no review task on the list of tasks'));
  return { what: `the ${seat.role} is told of the allergy and the amoxicillin`, differences };
}

export async function checkConflictOnScreen(
  seat: Seat,
  patient: DayPatient,
  problem: string,
  phone: string,
): Promise<Finding> {
  const { keys, page } = seat;
  const differences: string[] = [];
  await seat.openPatient(patient);
  await keys.press('Alt+B');
  await shown('the new telephone', page.locator('.banner-contact', { hasText: phone })).catch(() =>
    differences.push('the telephone noted at the practice is not on the banner'),
  );
  await keys.press('Alt+3');
  for (const words of ['from this computer', 'from the service']) {
    const line = page
      .locator('.record-table tr', { hasText: problem })
      .filter({ hasText: `Disputed: ${words}` });
    await shown(`the version ${words}`, line).catch(() =>
      differences.push(`the version ${words} is not on the list`),
    );
  }
  await keys.press('F9');
  const item = page.locator('.attention-item').filter({ hasText: problem });
  await shown('the conflict in the sync centre', item).catch(() =>
    differences.push('no conflict in the sync centre'),
  );
  const title = await page.getByRole('banner').first().textContent();
  if (!(title ?? '').includes('to decide'))
    differences.push('the title bar does not say that something is to decide');
  return { what: `the conflict is shown to ${demoStaff.gp.displayName}`, differences };
}
