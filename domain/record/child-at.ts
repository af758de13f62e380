import { ageInYears } from '../clinical/age.ts';
import type { RecordContents } from './record-contents.ts';

/** Adults' ranges and scores begin here (NEWS2, limits for entry). */
const ADULT_YEARS = 16;

/** Whether the patient of this record was under 16 then; false where that cannot be told. @param when FHIR dateTime */
export function wasChildAt(contents: RecordContents, when: string | null | undefined): boolean {
  const birthDate = contents.ofType('Patient')[0]?.resource.birthDate;
  if (when === null || when === undefined || birthDate === undefined) return false;
  const years = ageInYears(birthDate, when);
  return years !== null && years < ADULT_YEARS;
}
