import type { CodeableConcept, ObservationComponent } from '@medplum/fhirtypes';
import { snomed } from '../fhir/codeable-concept.ts';
import { ucumQuantity } from '../fhir/quantity.ts';
import { NEWS2_PARAMETER_WORDS, type News2Parameter, type News2Part } from './news2.ts';

/** SNOMED CT (UK) codes of the score and its parts (clinical.md, NEWS2, Codes). */
const TOTAL = '1104051000000101';

const PART_CODES: Readonly<Record<News2Parameter, string>> = {
  respiration: '1104301000000104',
  spo2: '1104311000000102',
  oxygen: '1104331000000105',
  systolic: '1104341000000101',
  pulse: '1104351000000103',
  consciousness: '1104361000000100',
  temperature: '1104371000000107',
};

const SPO2_SCALE_2 = '1104321000000102';

export function news2Concept(): CodeableConcept {
  return snomed(TOTAL, 'National Early Warning Score 2 total score');
}

export function isNews2Total(code: string): boolean {
  return code === TOTAL;
}

/** One component a part that can be scored; a missing part carries its reason. */
export function news2Components(parts: readonly News2Part[], scale: 1 | 2): ObservationComponent[] {
  return parts.map(({ parameter, score }) => {
    const code = parameter === 'spo2' && scale === 2 ? SPO2_SCALE_2 : PART_CODES[parameter];
    const suffix = parameter === 'spo2' ? ` scale ${scale}` : '';
    const component: ObservationComponent = {
      code: snomed(code, `NEWS2 ${NEWS2_PARAMETER_WORDS[parameter]}${suffix} score`),
    };
    if (score === null) {
      component.dataAbsentReason = {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason', code: 'not-performed' },
        ],
        text: 'Missing',
      };
    } else {
      component.valueQuantity = ucumQuantity(String(score), 'score', '{ScoreOf}');
    }
    return component;
  });
}
