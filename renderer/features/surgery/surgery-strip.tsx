import { displayTime } from '../../../domain/clinical/date-display.ts';
import { entryName } from '../patient-search/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { useSignedInUser } from '../session/index.ts';
import { useNow } from '../../ui/index.ts';
import type { AgendaLine } from '../../cache/index.ts';
import { todayOf, useAgenda } from './use-agenda.ts';
import { NEXT_STEPS, STEP_KEYS } from './visit-change.ts';
import { visitStatus, VISIT_WORDS } from './visit-status.ts';

/** One's own visits of today in order of time. */
export function useMyVisits(): readonly AgendaLine[] {
  const today = todayOf(useNow());
  const { practitionerId } = useSignedInUser();
  const { value } = useAgenda(today);
  return (value?.lines ?? [])
    .filter(
      ({ appointment }) =>
        appointment.practitioners.length === 0 ||
        appointment.practitioners.some((one) => one.id === practitionerId),
    )
    .toSorted((left, right) => left.appointment.start.localeCompare(right.appointment.start));
}

/** Whether today's list is here whole: before, an empty one says nothing about who is booked. */
export function useListIsHere(): boolean {
  const { value } = useAgenda(todayOf(useNow()));
  const here = useBagQuery(
    'state',
    (bag) => bag.state(),
    (notice) => notice.kind === 'state' || notice.kind === 'directory',
  ).value;
  return value?.arriving.length === 0 && here !== undefined && here.directoryEntries > 0;
}

/** For the title bar: when the next one is due, without a name (no other patient's name beside an open record). */
export function nextWords(line: AgendaLine | undefined, listIsHere: boolean): string {
  if (line) return `Next ${displayTime(line.appointment.start) ?? ''}`;
  return listIsHere ? 'Nobody next' : 'List arriving';
}

/** For screens without an open record. */
export function nextName(line: AgendaLine | undefined): string {
  return line?.entry ? entryName(line.entry) : '';
}

/** Where the visit of the open record stands, and the key of its most likely next step. */
export function PresentVisit({ line }: { readonly line: AgendaLine }) {
  const status = visitStatus(line.appointment);
  const step = NEXT_STEPS[status].findLast(({ to }) => to === 'in' || to === 'left' || to === 'arrived');
  const keys = step ? STEP_KEYS[step.to] : undefined;
  return (
    <span className="title-visit" title={VISIT_WORDS[status].words}>
      <span aria-hidden="true">{VISIT_WORDS[status].mark}</span>{' '}
      {/* Short: the role of who acts stands in full on every screen. */}
      {status === 'in' ? 'In' : VISIT_WORDS[status].words}
      {step && keys ? (
        <>
          {' '}
          · {step.label} <kbd>{keys}</kbd>
        </>
      ) : null}
    </span>
  );
}
