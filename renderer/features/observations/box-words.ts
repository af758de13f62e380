import {
  BLOOD_PRESSURE,
  CHOICE_DEFINITIONS,
  isNumberKey,
  NUMBER_DEFINITIONS,
} from '../../../domain/clinical/observation-definitions.ts';
import { unitWords } from '../../../domain/clinical/units.ts';
import type { SetState } from './set-state.ts';
import type { BoxKey } from './sets.ts';

/** What stands beside a box. */
export function boxWords(key: BoxKey): {
  readonly label: string;
  readonly unit: string;
  readonly hint: string;
} {
  if (key === 'bloodPressure')
    return { label: BLOOD_PRESSURE.label, unit: unitWords(BLOOD_PRESSURE.ucum), hint: '' };
  if (isNumberKey(key))
    return { label: NUMBER_DEFINITIONS[key].label, unit: unitWords(NUMBER_DEFINITIONS[key].ucum), hint: '' };
  const { label, choices } = CHOICE_DEFINITIONS[key];
  return { label, unit: '', hint: choices.map((choice) => choice.keys.charAt(0)).join(' ') };
}

/** Everything that was typed into the boxes of a set, as it was typed. */
export function typedInWords({ texts, further }: SetState): readonly string[] {
  const typed = [
    ...Object.entries(texts).map(([key, text]) => ({ key: key as BoxKey, text })),
    ...(further ?? []).map(({ text }) => ({ key: 'bloodPressure' as const, text })),
  ];
  return typed.flatMap(({ key, text }) =>
    text.trim() === '' ? [] : [`${boxWords(key).label}: ${text.trim()}`],
  );
}
