import type { Observation } from '@medplum/fhirtypes';
import { ageInMonths, ageInYears } from '../../../domain/clinical/age.ts';
import type { Bmi } from '../../../domain/clinical/bmi.ts';
import type { News2Result, Spo2Scale } from '../../../domain/clinical/news2.ts';
import { buildObservations } from '../../../domain/clinical/observation-resources.ts';
import type { ObservationContext } from '../../../domain/clinical/observation-shell.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import {
  answersIn,
  bmiOf,
  buildAnswers,
  enteredOf,
  lastHeightOf,
  news2Of,
  type EnteredSet,
} from '../observations/index.ts';
import { useSwitchedOff } from '../practice/index.ts';
import { useRecordView } from '../record/index.ts';
import { newId } from '../saving/index.ts';
import { useSignedInUser } from '../session/index.ts';
import { localInstant } from '../../ui/index.ts';
import type { ConsultationNote } from './note.ts';

/** What stands in the boxes of a note, what is worked out from it, and what it is written as. */
export interface NoteObservations {
  readonly patient: { readonly ageMonths: number | null; readonly ageYears: number | null };
  readonly set: EnteredSet;
  /** `null` where it is not asked for, or switched off. */
  readonly news2: { readonly result: News2Result; readonly scale: Spo2Scale } | null;
  readonly bmi: Bmi | null;
  /** How many entries signing writes, answers to what a score asks included. */
  readonly count: number;
  /** The resources that signing writes; the review reads them too, so that it lists what will be written. */
  readonly build: (recorded: string) => readonly Observation[];
}

export function useNoteObservations(note: ConsultationNote, record: RecordView): NoteObservations {
  const user = useSignedInUser();
  const series = useRecordView(record.patientId, 'series', null).value ?? [];
  const news2IsOn = useSwitchedOff('rule:news2') === null;
  const bmiIsOn = useSwitchedOff('rule:bmi') === null;
  const { boxes, observations: state } = note;
  const { standing } = record;
  const today = localInstant();
  const patient = {
    ageMonths: ageInMonths(record.patient.birthDate, today),
    ageYears: ageInYears(record.patient.birthDate, today),
  };
  const set = enteredOf(boxes, state, patient);
  const news2 =
    note.news2 && news2IsOn ? news2Of(state, patient, { by: user.name, on: today, standing }) : null;
  const bmi =
    bmiIsOn && boxes.includes('weight') ? bmiOf(state, patient, lastHeightOf(series), today, standing) : null;
  const entered = bmi ? [...set.entered, { key: 'bmi' as const, value: bmi }] : set.entered;
  return {
    patient,
    set,
    news2,
    bmi,
    count: entered.length + answersIn(state, standing).length,
    build: (recorded) => {
      const context: ObservationContext = {
        subject: { reference: `Patient/${record.patientId}` },
        encounter: { reference: `Encounter/${note.encounterId}` },
        performer: [{ reference: `Practitioner/${user.practitionerId}`, display: user.name }],
        effective: note.happenedOn ?? recorded,
        recorded,
        newId,
      };
      const scored = news2 !== null && isScored(news2.result) ? news2 : undefined;
      return [...buildObservations(entered, context, scored), ...buildAnswers(state, standing, context)];
    },
  };
}

/** A score of nothing is no entry. */
function isScored(result: News2Result): boolean {
  return result.kind !== 'incomplete' || result.missing.length < result.parts.length;
}
