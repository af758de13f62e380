import { addDays, compareCivilDates, parseCivilDate } from '../fhir/civil-date.ts';
import { conceptText } from '../fhir/codeable-concept.ts';
import { localDayOf } from '../fhir/local-time.ts';
import { sortKeyOf } from '../fhir/partial-date.ts';
import type { RecordContents } from './record-contents.ts';
import type { MedicationView, ReminderView } from './record-view.ts';

/** How far ahead something counts as due, in days. */
const DUE_WITHIN = 42;

/** Recalls, plans and reviews that are overdue or due within six weeks, the longest overdue first. */
export function reminderList(
  contents: RecordContents,
  medication: readonly MedicationView[],
  today: string,
): readonly ReminderView[] {
  const now = parseCivilDate(today.slice(0, 10));
  if (!now) return [];
  const reminders: ReminderView[] = [];
  const add = (source: ReminderView['source'], text: string, due: string | undefined | null): void => {
    const day = due === undefined || due === null ? null : localDayOf(due);
    if (day === null || due === undefined || due === null) return;
    if (compareCivilDates(day, addDays(now, DUE_WITHIN)) > 0) return;
    reminders.push({ source, text, due, overdue: compareCivilDates(day, now) < 0 });
  };
  for (const { source, resource } of contents.ofType('ServiceRequest')) {
    const isOpen =
      resource.status === 'active' || resource.status === 'draft' || resource.status === 'on-hold';
    if (!isOpen || (resource.intent !== 'plan' && resource.intent !== 'proposal')) continue;
    add(
      source,
      conceptText(resource.code) ?? resource.note?.[0]?.text ?? 'Planned',
      resource.occurrenceDateTime ?? resource.occurrencePeriod?.start,
    );
  }
  for (const medicine of medication) {
    if (medicine.list === 'current' && medicine.reviewDue !== null) {
      add(medicine.source, `Review of ${medicine.drug.text}`, medicine.reviewDue);
    }
  }
  return reminders.sort(
    (left, right) => sortKeyOf(left.due ?? undefined) - sortKeyOf(right.due ?? undefined),
  );
}
