import { useState } from 'react';
import type { Appointment } from '@medplum/fhirtypes';
import { displayDateWithWeekday, displayTime } from '../../../domain/clinical/date-display.ts';
import { bookAppointment, moveAppointment } from '../../../domain/record/appointment-edit.ts';
import type { AgendaLine, PatientHit } from '../../cache/index.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { useBag } from '../bag/index.ts';
import { entryName, PatientLine, usePatientSearch } from '../patient-search/index.ts';
import { changeFrom, editContext, newId, resourceOf, SavedWords, useSave } from '../saving/index.ts';
import { ErrorNotice, useSignedInUser } from '../session/index.ts';
import { Button, Dialog, Empty, SelectField, TextField, useNow, useToaster } from '../../ui/index.ts';
import { useFreeSlots } from './use-free-slots.ts';

/** Books a patient into a free slot of the day, or moves a booking to another one. */
export function BookDialog({
  day,
  move,
  onClose,
}: {
  readonly day: string;
  /** The booking to move; absent: a new one. */
  readonly move?: AgendaLine | undefined;
  readonly onClose: () => void;
}) {
  const now = useNow();
  const bag = useBag();
  const user = useSignedInUser();
  const save = useSave();
  const toaster = useToaster();
  const slots = useFreeSlots(day);
  const [groupId] = useState(newId);
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState<PatientHit | null>(null);
  const [slotId, setSlotId] = useState('');
  const [reason, setReason] = useState('');
  const [error, setError] = useState<BridgeError | null>(null);
  const { found } = usePatientSearch(words);
  const slot = slots?.find((one) => one.id === slotId) ?? slots?.[0];
  const entry = move?.entry ?? chosen?.entry ?? null;
  const patientId = move?.appointment.patientId ?? chosen?.entry.id;
  const book = async () => {
    if (!slot || patientId === undefined) return;
    const shownPatientId =
      document.querySelector<HTMLElement>('[data-booking-patient]')?.dataset['bookingPatient'] ?? null;
    const shown = move ? await bag.resource(patientId, move.appointment.source.key) : null;
    if (move && !shown) {
      setError({
        code: 'gone',
        message: 'This booking is not in the data here any more.',
        lost: 'nothing',
        remedy: 'Look at the list again.',
      });
      return;
    }
    const change = shown
      ? changeFrom(
          moveAppointment(resourceOf<Appointment>(shown), {
            start: slot.start,
            end: slot.end,
            minutes: slot.minutes,
            slot: slot.id,
            practitioner: slot.practitioner,
          }),
          shown,
        )
      : changeFrom(
          bookAppointment(
            {
              id: newId(),
              start: slot.start,
              end: slot.end,
              minutes: slot.minutes,
              type: 'Face to face',
              ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
              practitioner: slot.practitioner,
              slot: slot.id,
              patientName: entry ? entryName(entry) : '',
            },
            editContext(user, patientId),
          ),
        );
    const answer = await save({ groupId, patientId, changes: [change], shownPatientId });
    if (answer.ok) {
      toaster.tell(<SavedWords answer={answer.value} />);
      onClose();
    } else setError(answer.error);
  };
  return (
    <Dialog
      title={`${move ? 'Move' : 'Book'}: ${displayDateWithWeekday(day)}`}
      size="wide"
      onClose={onClose}
      foot={
        <>
          <Button keys="Esc" onClick={onClose}>
            Close
          </Button>
          <Button tone="primary" disabled={!slot || !entry} onClick={() => void book()}>
            {entry && slot
              ? `${move ? 'Move' : 'Book'} ${entryName(entry)} at ${displayTime(slot.start) ?? ''}`
              : 'Book'}
          </Button>
        </>
      }
    >
      <div className="stack">
        {entry ? (
          <div data-booking-patient={patientId} className="row">
            <strong>{entryName(entry)}</strong>
            {move ? null : (
              <Button
                tone="plain"
                onClick={() => {
                  setChosen(null);
                }}
              >
                Another patient
              </Button>
            )}
          </div>
        ) : (
          <>
            <TextField
              label="Patient"
              autoFocus
              value={words}
              onChange={(event) => {
                setWords(event.target.value);
              }}
              hint="Name, date of birth, NHS number"
            />
            <ul className="listbox booking-found">
              {found?.hits.slice(0, 8).map((hit) => (
                <li key={hit.entry.id}>
                  <button
                    type="button"
                    className="entry-head"
                    onClick={() => {
                      setChosen(hit);
                    }}
                  >
                    <PatientLine hit={hit} now={now} />
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
        {slots?.length === 0 ? (
          <Empty>No free slot on this day in the data here. Choose another day.</Empty>
        ) : null}
        <SelectField
          label="Free slot"
          value={slot?.id ?? ''}
          onChange={(event) => {
            setSlotId(event.target.value);
          }}
          choices={(slots ?? []).map((one) => ({
            value: one.id,
            label: `${displayTime(one.start) ?? ''}, ${one.minutes} min, ${one.practitioner.name}`,
          }))}
        />
        {move ? null : (
          <TextField
            label="Reason"
            value={reason}
            onChange={(event) => {
              setReason(event.target.value);
            }}
          />
        )}
        <ErrorNotice error={error} />
      </div>
    </Dialog>
  );
}
