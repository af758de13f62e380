import { missedAppointmentWords } from '../../../domain/clinical/child-warnings.ts';
import type { AgendaLine } from '../../cache/index.ts';
import { localInstant, useToaster } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { STEP_KEYS } from './visit-change.ts';
import { useVisitSteps } from './visit-steps.tsx';
import { VISIT_WORDS, type VisitStatus } from './visit-status.ts';

const KEYED: readonly VisitStatus[] = ['arrived', 'called', 'in', 'left', 'did-not-attend'];

/**
 * One key for each step of one visit: of the chosen line of the list, or of the open record.
 * @param shownPatient reads from the screen whose line is chosen; absent in an open record, which has a banner
 */
export function VisitKeys({
  line,
  shownPatient,
}: {
  readonly line: AgendaLine | undefined;
  readonly shownPatient?: () => string | null;
}) {
  return KEYED.map((to) => <VisitKey key={to} to={to} line={line} shownPatient={shownPatient} />);
}

function VisitKey({
  to,
  line,
  shownPatient,
}: {
  readonly to: VisitStatus;
  readonly line: AgendaLine | undefined;
  readonly shownPatient: (() => string | null) | undefined;
}) {
  const steps = useVisitSteps();
  const toaster = useToaster();
  const words = stepWords(to, line);
  useCommand({
    id: `visit.${to}`,
    title: `Visit: ${words.toLowerCase()}`,
    keys: STEP_KEYS[to],
    group: 'Visits',
    run: () => {
      if (!line) toaster.tell('No visit is chosen: ↓ and ↑ choose one.');
      else void steps.take(line, to, shownPatient?.());
    },
  });
  return null;
}

/** A child is not said to have failed to attend. */
export function stepWords(status: VisitStatus, line: AgendaLine | undefined): string {
  return status === 'did-not-attend'
    ? missedAppointmentWords(line?.entry?.birthDate, localInstant())
    : VISIT_WORDS[status].words;
}
