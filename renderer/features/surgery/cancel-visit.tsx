import { useState } from 'react';
import { displayDate, displayDateWithWeekday, displayTime } from '../../../domain/clinical/date-display.ts';
import type { AgendaLine } from '../../cache/index.ts';
import { entryName } from '../patient-search/index.ts';
import { Button, Dialog, SelectField, TextField } from '../../ui/index.ts';
import { useVisitSteps } from './visit-steps.tsx';

const OTHER = 'Other';
const REASONS = [
  'Patient cancelled',
  'Practice cancelled: clinician not available',
  'No longer needed',
  'Seen another way',
  'Booked by mistake',
  OTHER,
] as const;

/** Asks once, with the reason, whose booking it is and when; afterwards it can be taken back by one key. */
export function CancelVisit({ line, onClose }: { readonly line: AgendaLine; readonly onClose: () => void }) {
  const { appointment, entry } = line;
  const steps = useVisitSteps();
  const [reason, setReason] = useState('');
  const [words, setWords] = useState('');
  const said = reason === OTHER ? words.trim() : reason;
  const name = entry ? entryName(entry) : 'Name not on this computer';
  const cancel = async () => {
    if (said === '' || steps.busy) return;
    const shown =
      document.querySelector<HTMLElement>('[data-cancel-patient]')?.dataset['cancelPatient'] ?? null;
    if (await steps.take(line, 'cancelled', shown, said)) onClose();
  };
  return (
    <Dialog
      title={`Cancel the visit at ${displayTime(appointment.start) ?? ''}, ${displayDateWithWeekday(appointment.day)}`}
      onClose={onClose}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void cancel();
        }}
      >
        <p data-cancel-patient={appointment.patientId}>
          <strong>{name}</strong> born {entry?.birthDate ? displayDate(entry.birthDate) : 'not recorded'}
        </p>
        <SelectField
          label="Why it is cancelled"
          autoFocus
          value={reason}
          onChange={(event) => {
            setReason(event.target.value);
          }}
          onKeyDown={(event) => {
            // In a list of the system Enter would only open it.
            if (event.key !== 'Enter') return;
            event.preventDefault();
            void cancel();
          }}
          choices={[
            { value: '', label: 'Choose the reason' },
            ...REASONS.map((one) => ({ value: one, label: one })),
          ]}
        />
        {reason === OTHER ? (
          <TextField
            label="In words"
            value={words}
            onChange={(event) => {
              setWords(event.target.value);
            }}
          />
        ) : null}
        <div className="row row-end">
          <Button keys="Esc" onClick={onClose}>
            Keep the visit
          </Button>
          <Button tone="danger" submit keys="Enter" disabled={said === '' || steps.busy}>
            Cancel this visit
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
