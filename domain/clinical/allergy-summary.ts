import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { conceptText, hasAnySnomedCode, isTransferDegraded, snomedCodeOf } from '../fhir/codeable-concept.ts';
import type { AllergyTitle } from '../record/directory-entry.ts';
import { displayDate } from './date-display.ts';

export type AllergyItem = {
  readonly id: string | null;
  /** the causative agent, in the words of the record */
  readonly agent: string;
  readonly reactions: readonly string[];
  readonly severe: boolean;
  readonly kind: 'allergy' | 'intolerance' | null;
  readonly status: 'active' | 'unconfirmed';
  /** false: the record keeps the agent only as text; no rule can read it, and the screen must say so */
  readonly canBeChecked: boolean;
  readonly recorded: string | null;
};

export type AllergySummary = {
  readonly title: AllergyTitle;
  /** the title with its qualifier, as the banner shows it */
  readonly heading: string;
  /** PAB-0067..0072: only known allergies carry the emphasised icon */
  readonly emphasised: boolean;
  readonly items: readonly AllergyItem[];
  /** narrower statements ("No known drug allergy") and contradictions, in words */
  readonly notes: readonly string[];
};

export type AllergyRecordState = {
  /** false where the section could not be fetched or opened: nothing may be concluded */
  readonly available: boolean;
  /** FHIR date: entries before it may be missing (a record still in transit) */
  readonly incompleteBefore?: string | undefined;
  /** the source withheld items as confidential */
  readonly itemsWithheld?: boolean | undefined;
};

/** 716186003 No known allergy, and its retired UK predecessor 160244002. */
const NO_KNOWN_ALLERGY: ReadonlySet<string> = new Set(['716186003', '160244002']);

/** Statements about one kind of allergen only: never enough for "No known allergies". */
const NO_KNOWN_OF_A_KIND: ReadonlySet<string> = new Set(['409137002', '428607008', '429625007', '428197003']);

/**
 * What the banner says of allergies (clinical.md, Reading imported records truly).
 * An entry that *says* there is none is "No known allergies"; an empty list is "Allergies not recorded".
 * Ended, refuted and mistaken entries are left out here; the record's own views keep them.
 */
export function summariseAllergies(
  allergies: readonly AllergyIntolerance[],
  state: AllergyRecordState,
): AllergySummary {
  if (!state.available) {
    return {
      title: 'Allergies unavailable',
      heading: 'Allergies unavailable',
      emphasised: false,
      items: [],
      notes: [],
    };
  }
  const current = allergies.filter(isCurrentAllergy);
  const assertions = current.filter((allergy) => hasAnySnomedCode(allergy.code, NO_KNOWN_ALLERGY));
  const partial = current.filter((allergy) => hasAnySnomedCode(allergy.code, NO_KNOWN_OF_A_KIND));
  const known = current.filter((allergy) => !assertions.includes(allergy) && !partial.includes(allergy));
  const notes = partial.map((allergy) => statement(allergy));
  if (known.length > 0 && assertions.length > 0) {
    notes.push(`The record also says: ${assertions.map(statement).join('; ')}`);
  }
  const title: AllergyTitle =
    known.length > 0
      ? 'Known allergies'
      : assertions.length > 0
        ? 'No known allergies'
        : 'Allergies not recorded';
  return {
    title,
    heading: title + qualifier(state),
    emphasised: known.length > 0,
    items: known.map(allergyItem),
    notes,
  };
}

/** Active and not refuted or entered in error. A missing status counts as active: the safe reading. */
export function isCurrentAllergy(allergy: AllergyIntolerance): boolean {
  const clinical = allergy.clinicalStatus?.coding?.some(
    (coding) => coding.code === 'inactive' || coding.code === 'resolved',
  );
  const verification = allergy.verificationStatus?.coding?.some(
    (coding) => coding.code === 'refuted' || coding.code === 'entered-in-error',
  );
  return clinical !== true && verification !== true;
}

/** Whether the entry says that there is no allergy (of any kind, or of one kind) instead of naming one. */
export function saysNoAllergy(allergy: AllergyIntolerance): boolean {
  return (
    hasAnySnomedCode(allergy.code, NO_KNOWN_ALLERGY) || hasAnySnomedCode(allergy.code, NO_KNOWN_OF_A_KIND)
  );
}

export function allergyItem(allergy: AllergyIntolerance): AllergyItem {
  const reactions = (allergy.reaction ?? []).flatMap((reaction) => {
    const words = reaction.manifestation.map(conceptText).filter((text) => text !== null);
    return words.length > 0 ? words : reaction.description ? [reaction.description] : [];
  });
  const unconfirmed = allergy.verificationStatus?.coding?.some((coding) => coding.code === 'unconfirmed');
  return {
    id: allergy.id ?? null,
    agent: agentWords(allergy),
    reactions,
    severe:
      allergy.criticality === 'high' ||
      (allergy.reaction ?? []).some((reaction) => reaction.severity === 'severe'),
    kind: allergy.type ?? null,
    status: unconfirmed === true ? 'unconfirmed' : 'active',
    canBeChecked: !isTransferDegraded(allergy.code) && snomedCodeOf(allergy.code) !== null,
    recorded: allergy.recordedDate ?? allergy.onsetDateTime ?? null,
  };
}

/** A degraded entry names its agent only in text or in a note; that is what must show. */
function agentWords(allergy: AllergyIntolerance): string {
  const words = conceptText(allergy.code);
  if (!isTransferDegraded(allergy.code)) return words ?? 'Agent not recorded';
  const degradedTitle = words === null || /^transfer-degraded/i.test(words);
  const note = allergy.note?.map((entry) => entry.text).find((text) => text.trim() !== '');
  return degradedTitle ? (note ?? words ?? 'Agent not recorded') : words;
}

function statement(allergy: AllergyIntolerance): string {
  const words = conceptText(allergy.code) ?? 'No known allergy';
  const recorded = allergy.recordedDate ?? allergy.onsetDateTime;
  return recorded === undefined ? words : `${words} (recorded ${displayDate(recorded)})`;
}

function qualifier(state: AllergyRecordState): string {
  const incomplete =
    state.incompleteBefore === undefined
      ? ''
      : `, record incomplete before ${displayDate(state.incompleteBefore)}`;
  return incomplete + (state.itemsWithheld === true ? ', some items withheld as confidential' : '');
}
