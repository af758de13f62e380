import type { Flag } from '@medplum/fhirtypes';
import { monthNumber } from '../clinical/date-display.ts';
import { conceptText } from '../fhir/codeable-concept.ts';
import type { AllergyRecordState } from '../clinical/allergy-summary.ts';
import { isSafeguarding } from './safeguarding.ts';
import type { RecordContents } from './record-contents.ts';
import type { AlertView, RecordWarning } from './record-view.ts';

/** CodeSystem of `Flag.category` for warnings that a record is not whole (docs/decisions). */
const RECORD_COMPLETENESS_SYSTEM = 'https://gladstone.example/fhir/CodeSystem/record-completeness';

/** Flags that interrupt. Safeguarding and resuscitation first; ended flags stand in the journal. */
export function alertList(contents: RecordContents): readonly AlertView[] {
  return contents
    .ofType('Flag')
    .filter(({ resource }) => resource.status === 'active')
    .map(({ source, resource }): AlertView => ({
      source,
      kind: kindOf(resource),
      text: conceptText(resource.code) ?? 'Alert without words',
      when: resource.period?.start ?? null,
    }))
    .sort(
      (left, right) => ORDER[left.kind] - ORDER[right.kind] || (left.source.key < right.source.key ? -1 : 1),
    );
}

const ORDER = {
  resuscitation: 0,
  safeguarding: 1,
  other: 2,
  'incomplete-record': 3,
  'confidential-items': 4,
} as const;

function kindOf(flag: Flag): AlertView['kind'] {
  switch (completenessCode(flag)) {
    case null:
      break;
    case 'confidential-items':
      return 'confidential-items';
    default:
      return 'incomplete-record';
  }
  if (isSafeguarding(flag)) return 'safeguarding';
  const words = [conceptText(flag.code), ...(flag.category ?? []).map(conceptText)].join(' ');
  if (/resuscitat|dnacpr|dnar|respect form|treatment escalation/i.test(words)) return 'resuscitation';
  return 'other';
}

function completenessCode(flag: Flag): string | null {
  for (const category of flag.category ?? []) {
    for (const coding of category.coding ?? []) {
      if (coding.system === RECORD_COMPLETENESS_SYSTEM) return coding.code ?? '';
    }
  }
  return null;
}

/** What says that the record is not whole, in the source's own words, with the day where one is named. */
export function completenessWarnings(contents: RecordContents): readonly RecordWarning[] {
  return completenessOfFlags(contents.ofType('Flag').map(({ resource }) => resource));
}

export function completenessOfFlags(flags: readonly Flag[]): readonly RecordWarning[] {
  return flags.flatMap((resource): readonly RecordWarning[] => {
    const code = completenessCode(resource);
    if (code === null || resource.status !== 'active') return [];
    const text = conceptText(resource.code) ?? 'The record is not whole.';
    const before = dayNamedIn(text);
    return [
      {
        code: code === 'data-in-transit' || code === 'confidential-items' ? code : 'other',
        text,
        ...(before !== null && { before }),
      },
    ];
  });
}

/** What the allergy title must say besides: the record may be incomplete, items may be withheld. */
export function allergyState(warnings: readonly RecordWarning[]): AllergyRecordState {
  const transit = warnings.find((warning) => warning.code === 'data-in-transit');
  return {
    available: true,
    ...(transit?.before !== undefined && { incompleteBefore: transit.before }),
    itemsWithheld: warnings.some((warning) => warning.code === 'confidential-items'),
  };
}

/** The first `03-Mar-2021` or `2021-03-03` in a sentence, as a FHIR date. */
function dayNamedIn(text: string): string | null {
  const iso = /\b(\d{4}-\d{2}-\d{2})\b/.exec(text)?.[1];
  if (iso !== undefined) return iso;
  const [, day, month, year] = /\b(\d{1,2})[- ]([A-Za-z]{3,9})[- ](\d{4})\b/.exec(text) ?? [];
  const number = month === undefined ? null : monthNumber(month);
  if (day === undefined || year === undefined || number === null) return null;
  return `${year}-${String(number).padStart(2, '0')}-${day.padStart(2, '0')}`;
}
