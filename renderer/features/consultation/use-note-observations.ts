import type { Observation } from '@medplum/fhirtypes';
import { ageInMonths, ageInYears } from '../../../domain/clinical/age.ts';
import type { Bmi } from '../../../domain/clinical/bmi.ts';
import type { News2Result, Spo2Scale } from '../../../domain/clinical/news2.ts';
import { buildObservations } from '../../../domain/clinical/observation-resources.ts';
import type { ObservationContext } from '../../../domain/clinical/observation-shell.ts';
import type { ObservationSeries, RecordView } from '../../../domain/record/record-view.ts';
import type { StandingFacts } from '../../../domain/record/standing-facts.ts';
import type { SignedInUser } from '../../../contract/channels/session.ts';
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

/** The boxes of a note, or of a set that is being entered. */
export type NoteBoxes = Pick<
  ConsultationNote,
  'boxes' | 'news2' | 'observations' | 'encounterId' | 'happenedOn'
>;

/** What a score and an index hang on besides the boxes. */
export interface ObservationFacts {
  readonly patientId: string;
  readonly birthDate: string | undefined;
  readonly standing: StandingFacts;
  readonly series: readonly ObservationSeries[];
  readonly user: Pick<SignedInUser, 'name' | 'practitionerId'>;
  readonly news2IsOn: boolean;
  readonly bmiIsOn: boolean;
  /** FHIR dateTime of now. */
  readonly today: string;
}

export function useNoteObservations(note: ConsultationNote, record: RecordView): NoteObservations {
  return noteObservations(note, {
    patientId: record.patientId,
    birthDate: record.patient.birthDate,
    standing: record.standing,
    series: useRecordView(record.patientId, 'series', null).value ?? [],
    user: useSignedInUser(),
    news2IsOn: useSwitchedOff('rule:news2') === null,
    bmiIsOn: useSwitchedOff('rule:bmi') === null,
    today: localInstant(),
  });
}

export function noteObservations(note: NoteBoxes, facts: ObservationFacts): NoteObservations {
  const { patientId, birthDate, standing, series, user, news2IsOn, bmiIsOn, today } = facts;
  const { boxes, observations: state } = note;
  const patient = { ageMonths: ageInMonths(birthDate, today), ageYears: ageInYears(birthDate, today) };
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
        subject: { reference: `Patient/${patientId}` },
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
