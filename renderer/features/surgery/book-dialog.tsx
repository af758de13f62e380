import { useState } from 'react';
import type { Appointment } from '@medplum/fhirtypes';
import { displayDate, displayDateWithWeekday, displayTime } from '../../../domain/clinical/date-display.ts';
import { bookAppointment, moveAppointment } from '../../../domain/record/appointment-edit.ts';
import type { AgendaLine, PatientHit } from '../../cache/index.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { useBag } from '../bag/index.ts';
import { entryName } from '../patient-search/index.ts';
import { changeFrom, editContext, newId, resourceOf, SavedWords, useSave } from '../saving/index.ts';
import { ErrorNotice, useSignedInUser } from '../session/index.ts';
import { Button, Dialog, Empty, SelectField, TextField, useNow, useToaster } from '../../ui/index.ts';
import { PatientChoice } from './patient-choice.tsx';
import { ANYBODY, slotChoice, useFreeSlots, useTakenSlots, type FreeSlot } from './use-free-slots.ts';

const TYPES = ['Face to face', 'Telephone', 'Video', 'Home visit'] as const;
const NONE_TAKEN: ReadonlySet<string> = new Set();

/** Books a patient into a free slot, or moves a booking to another one: any day and clinician of the book that is here. */
export function BookDialog({
  day,
  move,
  onClose,
}: {
  /** The day on the screen, where a choice begins. */
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
  const free = useFreeSlots();
  const [groupId] = useState(newId);
  const [chosen, setChosen] = useState<PatientHit | null>(null);
  const [clinician, setClinician] = useState<string | null>(null);
  const [wantedDay, setDay] = useState<string | null>(null);
  const [slotId, setSlotId] = useState('');
  const [type, setType] = useState<string>(TYPES[0]);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<BridgeError | null>(null);
  const wanted = {
    clinicianId: clinician,
    day: wantedDay,
    preferred: { clinicianId: move?.appointment.practitioners[0]?.id ?? user.practitionerId, day },
    taken: NONE_TAKEN,
    now,
  };
  const taken = useTakenSlots(slotChoice(free ?? [], wanted).day);
  const choice = slotChoice(free ?? [], { ...wanted, taken: taken ?? NONE_TAKEN });
  const here = free !== undefined && taken !== undefined;
  // Of several clinicians' places none is taken unasked.
  const slot =
    choice.slots.find((one) => one.id === slotId) ??
    (choice.clinicianId === ANYBODY ? undefined : choice.slots[0]);
  const entry = move?.entry ?? chosen?.entry ?? null;
  const patientId = move?.appointment.patientId ?? chosen?.entry.id;
  const book = async () => {
    if (!slot || !here || busy || patientId === undefined) return;
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
    const place = {
      start: slot.start,
      end: slot.end,
      minutes: slot.minutes,
      slot: slot.id,
      practitioner: slot.practitioner,
    };
    const change = shown
      ? changeFrom(moveAppointment(resourceOf<Appointment>(shown), place), shown)
      : changeFrom(
          bookAppointment(
            {
              ...place,
              id: newId(),
              type,
              ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
              patientName: entry ? entryName(entry) : '',
            },
            editContext(user, patientId),
          ),
        );
    setBusy(true);
    const answer = await save({ groupId, patientId, changes: [change], shownPatientId });
    setBusy(false);
    if (answer.ok) {
      toaster.tell(<SavedWords answer={answer.value} />);
      onClose();
    } else setError(answer.error);
  };
  return (
    <Dialog
      title={move ? `Move: ${whenWords(move.appointment)}` : 'Book an appointment'}
      size="wide"
      onClose={onClose}
      foot={
        <>
          <Button keys="Esc" onClick={onClose}>
            Close
          </Button>
          <Button
            tone="primary"
            submit
            form="booking"
            keys="Enter"
            disabled={!slot || !entry || !here || busy}
          >
            {entry && slot
              ? `${move ? 'Move' : 'Book'} ${entryName(entry)} at ${displayTime(slot.start) ?? ''}`
              : 'Book'}
          </Button>
        </>
      }
    >
      <form
        id="booking"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void book();
        }}
        onKeyDown={(event) => {
          // In a list of the system Enter does nothing by itself.
          if (event.key !== 'Enter' || !(event.target instanceof HTMLSelectElement)) return;
          event.preventDefault();
          event.currentTarget.requestSubmit();
        }}
      >
        {entry ? (
          <div data-booking-patient={patientId} className="row">
            <strong>{entryName(entry)}</strong>
            <span>born {entry.birthDate ? displayDate(entry.birthDate) : 'not recorded'}</span>
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
          <PatientChoice onChosen={setChosen} />
        )}
        <div className="booking-place" key={patientId ?? ''}>
          <SelectField
            label="With"
            value={choice.clinicianId}
            onChange={(event) => {
              setClinician(event.target.value);
              setSlotId('');
            }}
            choices={[
              { value: ANYBODY, label: 'Anybody' },
              ...choice.clinicians.map(({ id, name }) => ({
                value: id,
                label: id === user.practitionerId ? `${name} (you)` : name,
              })),
            ]}
          />
          <SelectField
            label="Day"
            autoFocus={entry !== null}
            value={choice.day}
            onChange={(event) => {
              setDay(event.target.value);
              setSlotId('');
            }}
            choices={choice.days.map((one) => ({ value: one, label: displayDateWithWeekday(one) }))}
          />
          <SelectField
            label="Free slot"
            value={slot?.id ?? ''}
            onChange={(event) => {
              setSlotId(event.target.value);
            }}
            choices={[
              ...(slot ? [] : [{ value: '', label: 'Choose the time' }]),
              ...choice.slots.map((one) => ({
                value: one.id,
                label: `${displayTime(one.start) ?? ''}, ${one.minutes} min${choice.clinicianId === ANYBODY ? `, ${one.practitioner.name}` : ''}`,
              })),
            ]}
          />
          {move ? null : (
            <SelectField
              label="Type of visit"
              value={type}
              onChange={(event) => {
                setType(event.target.value);
              }}
              choices={TYPES.map((one) => ({ value: one, label: one }))}
            />
          )}
        </div>
        {here && choice.slots.length === 0 ? (
          <Empty>
            No free slot {choice.days.length === 0 ? 'in the weeks that are here' : 'is left on this day'}.
          </Empty>
        ) : null}
        {move ? null : (
          <TextField
            label="Reason"
            value={reason}
            onChange={(event) => {
              setReason(event.target.value);
            }}
          />
        )}
        <p className="booking-said" aria-live="polite">
          {entry && slot ? (
            <>
              {move ? 'Move' : 'Book'} <strong>{entryName(entry)}</strong>, born{' '}
              <strong>{entry.birthDate ? displayDate(entry.birthDate) : 'not recorded'}</strong>:{' '}
              {placeWords(slot)}
              {move ? '' : `, ${type}`}
            </>
          ) : null}
        </p>
        <ErrorNotice error={error} />
      </form>
    </Dialog>
  );
}

function placeWords(slot: FreeSlot): string {
  return `${displayDateWithWeekday(slot.day)} at ${displayTime(slot.start) ?? ''}, ${slot.minutes} min, with ${slot.practitioner.name}`;
}

function whenWords({ day, start }: { readonly day: string; readonly start: string }): string {
  return `${displayDateWithWeekday(day)} ${displayTime(start) ?? ''}`;
}
