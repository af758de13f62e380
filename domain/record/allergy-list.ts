import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { allergyItem, saysNoAllergy } from '../clinical/allergy-summary.ts';
import { sortKeyOf } from '../fhir/partial-date.ts';
import { codedText } from './coded-text.ts';
import { enteredInErrorOf, noteTexts, originOf } from './entry-view.ts';
import { nameOfReference } from './people-words.ts';
import type { RecordContents, Shown } from './record-contents.ts';
import { extensionOf, EXTENSION } from './record-extensions.ts';
import type { AllergyView } from './record-view.ts';

const RANK = { active: 0, unconfirmed: 1, ended: 2, refuted: 3, 'entered-in-error': 4 } as const;

/** Every allergy entry: current first, ended ones after them, none dropped and none shown active (hazard 88). */
export function allergyList(contents: RecordContents): readonly AllergyView[] {
  return contents
    .ofType('AllergyIntolerance')
    .map((item) => allergyView(item, contents))
    .sort(
      (left, right) =>
        RANK[left.status] - RANK[right.status] ||
        sortKeyOf(right.recorded ?? undefined) - sortKeyOf(left.recorded ?? undefined) ||
        (left.source.key < right.source.key ? -1 : 1),
    );
}

function statusOf(allergy: AllergyIntolerance): AllergyView['status'] {
  const has = (codes: readonly string[], concept: AllergyIntolerance['clinicalStatus']): boolean =>
    concept?.coding?.some((coding) => codes.includes(coding.code ?? '')) ?? false;
  if (has(['entered-in-error'], allergy.verificationStatus)) return 'entered-in-error';
  if (has(['refuted'], allergy.verificationStatus)) return 'refuted';
  if (has(['inactive', 'resolved'], allergy.clinicalStatus)) return 'ended';
  if (has(['unconfirmed'], allergy.verificationStatus)) return 'unconfirmed';
  return 'active';
}

function allergyView(item: Shown<AllergyIntolerance>, contents: RecordContents): AllergyView {
  const allergy = item.resource;
  const summary = allergyItem(allergy);
  const end = extensionOf(allergy, EXTENSION.allergyEnd);
  const severities = (allergy.reaction ?? []).map((reaction) => reaction.severity);
  return {
    source: item.source,
    agent: summary.agent,
    coded: allergy.code ? codedText(allergy.code) : null,
    reactions: summary.reactions,
    severity: severities.find((one) => one !== undefined) ?? allergy.criticality ?? null,
    status: statusOf(allergy),
    saysNone: saysNoAllergy(allergy),
    canBeChecked: summary.canBeChecked,
    onset: allergy.onsetDateTime ?? allergy.onsetPeriod?.start ?? allergy.onsetString ?? null,
    recorded: allergy.recordedDate ?? null,
    ended: end?.extension?.find((part) => part.url === 'endDate')?.valueDateTime ?? null,
    endReason: end?.extension?.find((part) => part.url === 'reasonEnded')?.valueString ?? null,
    enteredInError: enteredInErrorOf(allergy),
    author: nameOfReference(allergy.recorder ?? allergy.asserter, contents, allergy),
    notes: noteTexts(allergy.note),
    origin: originOf(allergy),
  };
}
