import type { Observation } from '@medplum/fhirtypes';
import { snomedCodeOf } from '../fhir/codeable-concept.ts';
import { quantityNumber } from '../fhir/quantity.ts';
import { bandOf, type News2Band } from './news2.ts';
import { isNews2Total } from './news2-codes.ts';

/** The band of a score in the words that stand beside it wherever it is shown: a number alone says too little. */
export const NEWS2_BAND_WORDS: Readonly<Record<News2Band, string>> = {
  emergency: 'Emergency',
  urgent: 'Urgent',
  'low-medium': 'Low-medium: one parameter scores 3',
  low: 'Low',
};

export interface News2Reading {
  readonly words: string;
  readonly isUrgent: boolean;
}

const WORST_FIRST: readonly News2Band[] = ['emergency', 'urgent', 'low-medium', 'low'];

/**
 * The band of a recorded NEWS2 total, by chart 2 from its total and parts, or as recorded where that is worse (a part
 * that was unrecordable). Null for any other observation. A low total without its parts may hide a single 3, and says so.
 */
export function news2Reading(observation: Observation): News2Reading | null {
  const code = snomedCodeOf(observation.code);
  if (code === null || !isNews2Total(code)) return null;
  const recorded = WORST_FIRST.filter((band) =>
    observation.interpretation?.some(({ text }) => text === band),
  );
  const total = quantityNumber(observation.valueQuantity);
  const parts = (observation.component ?? []).flatMap(({ valueQuantity }) => {
    const score = quantityNumber(valueQuantity);
    return score === null ? [] : [score];
  });
  const reckoned = total === null ? [] : [bandOf(total, parts.includes(3))];
  const band = WORST_FIRST.find((one) => recorded.includes(one) || reckoned.includes(one));
  if (band === undefined) return { words: 'Incomplete', isUrgent: false };
  if (band === 'low' && recorded.length === 0 && parts.length === 0 && total !== null && total > 2)
    return { words: 'Low, unless one parameter scored 3', isUrgent: false };
  return { words: NEWS2_BAND_WORDS[band], isUrgent: band === 'emergency' || band === 'urgent' };
}
