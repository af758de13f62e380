import { useState, type MouseEvent } from 'react';
import { missedAppointmentWords } from '../../../domain/clinical/child-warnings.ts';
import type { AgendaLine } from '../../cache/index.ts';
import { useBag } from '../bag/index.ts';
import { changeOf, newId, useSave } from '../saving/index.ts';
import { ErrorWords } from '../session/index.ts';
import { Button, localInstant, useToaster } from '../../ui/index.ts';
import { NEXT_STEPS, withVisitStep } from './visit-change.ts';
import { VISIT_WORDS, type VisitStatus } from './visit-status.ts';

/** The next steps of one visit. Identity is read from the line that was pressed: this screen has no banner (PAB-0015). */
export function VisitActions({ line, status }: { readonly line: AgendaLine; readonly status: VisitStatus }) {
  const bag = useBag();
  const save = useSave();
  const toaster = useToaster();
  const [busy, setBusy] = useState(false);
  const { patientId, source } = line.appointment;
  const missed = missedAppointmentWords(line.entry?.birthDate, localInstant());
  const step = async (event: MouseEvent<HTMLElement>, to: VisitStatus) => {
    const shownPatientId =
      event.currentTarget.closest<HTMLElement>('[data-line-patient]')?.dataset['linePatient'] ?? null;
    setBusy(true);
    const shown = await bag.resource(patientId, source.key);
    if (shown) {
      const change = changeOf(shown, 'amend', (appointment) =>
        withVisitStep(appointment, to, localInstant()),
      );
      const answer = await save({ groupId: newId(), patientId, changes: [change], shownPatientId });
      if (answer.ok)
        toaster.tell(`${to === 'did-not-attend' ? missed : VISIT_WORDS[to].words}: saved on this computer`);
      else toaster.warn(<ErrorWords error={answer.error} />);
    } else {
      toaster.warn('This appointment is not in the data on this computer any more. Nothing was changed.');
    }
    setBusy(false);
  };
  return (
    <span data-line-patient={patientId}>
      {NEXT_STEPS[status].map(({ to, label }) => (
        <Button key={to} disabled={busy} onClick={(event) => void step(event, to)}>
          {to === 'did-not-attend' ? missed : label}
        </Button>
      ))}
    </span>
  );
}
