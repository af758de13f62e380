/** Answers that hold until they expire or are taken back: pregnancy, and the choice of the SpO2 scale of NEWS2. */
import type { Observation, Patient } from '@medplum/fhirtypes';
import { pregnancyHoldsUntil, type PregnancyAnswer, type RecordedPregnancy } from '../clinical/pregnancy.ts';
import { PROFILE_BASE, shell, type ObservationContext } from '../clinical/observation-shell.ts';
import { snomed, snomedCodes } from '../fhir/codeable-concept.ts';
import { parsePartialDate, sortKeyOf } from '../fhir/partial-date.ts';
import { nameOfReference } from './people-words.ts';
import type { RecordContents } from './record-contents.ts';
import { extensionOf, EXTENSION } from './record-extensions.ts';

/** What holds for this patient now, as recorded. Null: never asked, never chosen. */
export interface StandingFacts {
  readonly pregnancy: RecordedPregnancy | null;
  readonly spo2Scale: RecordedScale | null;
  /** Recorded sex (UK Core BirthSex); never the administrative gender. */
  readonly sex: 'male' | 'female' | 'not-recorded';
}

export interface RecordedScale {
  readonly scale: 1 | 2;
  /** FHIR dateTime of the choice. */
  readonly on: string;
  readonly by: string | null;
}

/** In the Global Patient Set: Pregnant, Not pregnant, Postpartum state. */
const PREGNANCY: Readonly<Record<PregnancyAnswer, { readonly code: string; readonly words: string }>> = {
  pregnant: { code: '77386006', words: 'Pregnant' },
  'not-pregnant': { code: '60001007', words: 'Not pregnant' },
  'recent-birth': { code: '86569001', words: 'Postpartum state' },
};

/** Our own: no UK code for the choice itself is in any source here, and none is written from memory. */
const SCALE_SYSTEM = 'https://gladstone.example/CodeSystem/news2-spo2-scale';
const SCALE_WORDS = {
  1: 'NEWS2 uses SpO2 scale 1',
  2: 'NEWS2 uses SpO2 scale 2: hypercapnic respiratory failure confirmed, target 88 to 92%',
} as const;

const BIRTH_SEX = 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-BirthSex';

/** The answer as a coded entry with its last day. @param due FHIR date of the expected birth */
export function buildPregnancy(
  answer: PregnancyAnswer,
  due: string | null,
  context: ObservationContext,
): Observation {
  const { code, words } = PREGNANCY[answer];
  return {
    ...shell(context, 'social-history', PROFILE_BASE),
    code: snomed(code, words),
    extension: [
      {
        url: EXTENSION.holdsUntil,
        valueDate: pregnancyHoldsUntil(answer, context.effective, due),
      },
    ],
    ...(answer === 'pregnant' && due !== null
      ? { component: [{ code: { text: 'Expected date of birth' }, valueDateTime: due }] }
      : {}),
  };
}

/** The choice of a scale by the person who records it. */
export function buildScaleChoice(scale: 1 | 2, context: ObservationContext): Observation {
  return {
    ...shell(context, 'survey', PROFILE_BASE),
    code: {
      coding: [{ system: SCALE_SYSTEM, code: `scale-${scale}`, display: SCALE_WORDS[scale] }],
      text: SCALE_WORDS[scale],
    },
  };
}

export function standingFacts(contents: RecordContents, patient: Patient): StandingFacts {
  let pregnancy: (RecordedPregnancy & Moment) | null = null;
  let spo2Scale: (RecordedScale & Moment) | null = null;
  for (const { resource } of contents.ofType('Observation')) {
    if (resource.status === 'entered-in-error' || resource.status === 'cancelled') continue;
    const on = resource.effectiveDateTime ?? resource.issued;
    if (on === undefined) continue;
    const moment = sortKeyOf(on);
    const by = nameOfReference(resource.performer?.[0], contents, resource);
    const answer = answerOf(resource);
    if (answer !== null && (pregnancy === null || moment >= pregnancy.moment))
      pregnancy = { answer, on, until: untilOf(resource, answer, on), by, moment };
    const scale = scaleOf(resource);
    if (scale !== null && (spo2Scale === null || moment >= spo2Scale.moment))
      spo2Scale = { scale, on, by, moment };
  }
  return {
    pregnancy: pregnancy && {
      answer: pregnancy.answer,
      on: pregnancy.on,
      until: pregnancy.until,
      by: pregnancy.by,
    },
    spo2Scale: spo2Scale && { scale: spo2Scale.scale, on: spo2Scale.on, by: spo2Scale.by },
    sex: recordedSex(patient),
  };
}

interface Moment {
  readonly moment: number;
}

function answerOf(observation: Observation): PregnancyAnswer | null {
  const codes = snomedCodes(observation.code);
  const found = Object.entries(PREGNANCY).find(([, { code }]) => codes.includes(code));
  return (found?.[0] as PregnancyAnswer | undefined) ?? null;
}

/** An answer from elsewhere names no last day: it holds as long as one given here without an expected date. */
function untilOf(observation: Observation, answer: PregnancyAnswer, on: string): string {
  const said = extensionOf(observation, EXTENSION.holdsUntil)?.valueDate;
  if (said !== undefined && parsePartialDate(said) !== null) return said;
  return pregnancyHoldsUntil(answer, on, null);
}

function scaleOf(observation: Observation): 1 | 2 | null {
  const code = observation.code.coding?.find((coding) => coding.system === SCALE_SYSTEM)?.code;
  return code === 'scale-2' ? 2 : code === 'scale-1' ? 1 : null;
}

function recordedSex(patient: Patient): StandingFacts['sex'] {
  const extension = extensionOf(patient, BIRTH_SEX);
  const code = extension?.valueCode ?? extension?.valueCodeableConcept?.coding?.[0]?.code;
  return code === 'M' || code === 'male'
    ? 'male'
    : code === 'F' || code === 'female'
      ? 'female'
      : 'not-recorded';
}
