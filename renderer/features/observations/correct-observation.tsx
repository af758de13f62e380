import type { Observation } from '@medplum/fhirtypes';
import { useState } from 'react';
import { ageInMonths } from '../../../domain/clinical/age.ts';
import {
  readNumberEntry,
  readPressureEntry,
  type Entry,
} from '../../../domain/clinical/observation-entry.ts';
import {
  BLOOD_PRESSURE,
  NUMBER_DEFINITIONS,
  type NumberKey,
} from '../../../domain/clinical/observation-definitions.ts';
import { unitWords } from '../../../domain/clinical/units.ts';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import { conceptText } from '../../../domain/fhir/codeable-concept.ts';
import {
  correctableAs,
  correctObservation,
  workedOutFrom,
  type CorrectedValue,
} from '../../../domain/record/observation-correction.ts';
import { observationText } from '../../../domain/record/observation-value.ts';
import { enteredInError } from '../../../domain/record/record-edit.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import type { ResourceJson } from '../../../domain/sync/operation.ts';
import type { ResourceAsShown } from '../../cache/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { EntryDialog, useEntrySave } from '../lists/index.ts';
import { resourceOf, useFormDraft } from '../saving/index.ts';
import { localInstant, Notice, Skeleton, TextField } from '../../ui/index.ts';

interface Props {
  readonly record: RecordView;
  readonly entryKey: string;
  readonly whose: string;
  readonly onClose: () => void;
}

/** A measured value that was written down wrongly: the new value, with the reason; the old one stays to be read. */
export function CorrectObservation(props: Props) {
  const { record, entryKey } = props;
  const observations = useBagQuery(`observations to correct ${entryKey}`, (bag) =>
    bag.resources(record.patientId, ['Observation']),
  ).value;
  if (!observations) return <Skeleton label="Reading the observation" lines={4} />;
  const shown = observations.findLast((one) => one.source.key === entryKey) ?? null;
  return <Dialogue {...props} shown={shown} observations={observations} />;
}

function Dialogue({
  record,
  entryKey,
  whose,
  onClose,
  shown,
  observations,
}: Props & { readonly shown: ResourceAsShown | null; readonly observations: readonly ResourceAsShown[] }) {
  const form = useFormDraft('other', record.patientId, { kind: 'correct-observation', key: entryKey });
  const [text, setText] = form.field('text', '');
  const [reason, setReason] = form.field('reason', '');
  const [asked, setAsked] = useState('');
  const { run, error, busy } = useEntrySave(record.patientId, onClose, null, form);
  const observation = shown ? resourceOf<Observation>(shown) : null;
  const key = observation ? correctableAs(observation) : null;
  const entry = key === null ? null : readCorrection(key, text, record);
  const stale = observation
    ? workedOutFrom(
        observation,
        observations.map((one) => resourceOf<Observation>(one)),
      )
    : [];
  const save = () => {
    if (!shown || !observation || !entry?.value) return;
    // An unusual value asks once, as in a set; the same text again keeps it.
    if (entry.unlikely && asked !== text) {
      setAsked(text);
      return;
    }
    const { value } = entry;
    const withdrawn = stale.flatMap(
      (one) => observations.findLast((other) => other.source.key === `Observation/${one.id ?? ''}`) ?? [],
    );
    void run(
      (context) => [
        correctObservation(observation, value, reason.trim(), context),
        ...withdrawn.map((one) =>
          enteredInError(
            resourceOf<ResourceJson>(one),
            'Worked out from a value that was corrected afterwards',
            context,
          ),
        ),
      ],
      { shown: [shown, ...withdrawn] },
    );
  };
  return (
    <EntryDialog
      title="Correct this observation"
      whose={whose}
      action={entry?.unlikely && asked === text ? 'Keep this unusual value' : 'Save the correction'}
      ready={entry?.value !== undefined && reason.trim() !== ''}
      busy={busy}
      error={error}
      form={form}
      onClose={onClose}
      onSubmit={save}
    >
      {observation === null ? (
        <Notice tone="amber">This entry is not in the data on this computer any more.</Notice>
      ) : (
        <p>
          {conceptText(observation.code)}: <strong>{observationText(observation) ?? 'no value'}</strong>,{' '}
          {displayDateTime(observation.effectiveDateTime)}
        </p>
      )}
      {observation !== null && key === null ? (
        <Notice tone="amber">
          This kind of entry has no value to correct. Mark it as entered in error and record it again.
        </Notice>
      ) : null}
      <TextField
        label={key === null ? 'Right value' : `Right value of ${labelOf(key).toLowerCase()}`}
        hint={key === null ? '' : unitOf(key)}
        error={entry?.words}
        disabled={key === null}
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <TextField
        label="Reason"
        value={reason}
        onChange={(event) => {
          setReason(event.target.value);
        }}
      />
      {stale.length > 0 ? (
        <Notice tone="amber">
          <strong>
            {stale.map((one) => `${conceptText(one.code) ?? ''} ${observationText(one) ?? ''}`).join(', ')}
          </strong>{' '}
          was worked out from the old value. It is marked as entered in error with this correction; record a
          new set where a score is needed.
        </Notice>
      ) : null}
    </EntryDialog>
  );
}

interface ReadCorrection {
  readonly value?: CorrectedValue;
  readonly unlikely: boolean;
  readonly words?: string;
}

function readCorrection(key: CorrectedValue['key'], text: string, record: RecordView): ReadCorrection {
  const patient = { ageMonths: ageInMonths(record.patient.birthDate, localInstant()) };
  return key === 'bloodPressure'
    ? readingOf(readPressureEntry(text, patient), (value) => ({ key, value }))
    : readingOf(readNumberEntry(key, text, patient), (value) => ({ key, value }));
}

function readingOf<T>(entry: Entry<T>, correct: (value: T) => CorrectedValue): ReadCorrection {
  switch (entry.verdict) {
    case 'blank':
      return { unlikely: false };
    case 'refused':
      return { unlikely: false, words: entry.words };
    case 'unlikely':
      return { unlikely: true, words: entry.words, value: correct(entry.value) };
    case 'ok':
      return { unlikely: false, value: correct(entry.value) };
  }
}

function labelOf(key: 'bloodPressure' | NumberKey): string {
  return key === 'bloodPressure' ? BLOOD_PRESSURE.label : NUMBER_DEFINITIONS[key].label;
}

function unitOf(key: 'bloodPressure' | NumberKey): string {
  return unitWords(key === 'bloodPressure' ? BLOOD_PRESSURE.ucum : NUMBER_DEFINITIONS[key].ucum);
}
