import type { AllergyIntolerance } from '@medplum/fhirtypes';
import { EXTENSION } from './record-extensions.ts';
import {
  assertedIn,
  conceptOf,
  edit,
  HL7_CODE_SYSTEM,
  notesOf,
  patientReference,
  type EditContext,
  type EnteredConcept,
  type RecordEdit,
} from './record-edit.ts';

export interface EditedAllergy {
  readonly id: string;
  /** The causative agent; required first (RAD). */
  readonly agent: EnteredConcept;
  readonly kind?: 'allergy' | 'intolerance';
  readonly category?: 'food' | 'medication' | 'environment' | 'biologic';
  readonly reactions: readonly EnteredConcept[];
  readonly severity?: 'mild' | 'moderate' | 'severe';
  readonly criticality?: 'low' | 'high' | 'unable-to-assess';
  readonly certainty: 'confirmed' | 'unconfirmed';
  readonly onset?: string;
  readonly text?: string;
}

export function newAllergy(allergy: EditedAllergy, context: EditContext): RecordEdit {
  const resource: AllergyIntolerance = {
    resourceType: 'AllergyIntolerance',
    id: allergy.id,
    clinicalStatus: { coding: [{ system: `${HL7_CODE_SYSTEM}allergyintolerance-clinical`, code: 'active' }] },
    verificationStatus: {
      coding: [{ system: `${HL7_CODE_SYSTEM}allergyintolerance-verification`, code: allergy.certainty }],
    },
    ...(allergy.kind && { type: allergy.kind }),
    ...(allergy.category && { category: [allergy.category] }),
    ...(allergy.criticality && { criticality: allergy.criticality }),
    code: conceptOf(allergy.agent),
    patient: patientReference(context),
    ...(allergy.onset !== undefined && { onsetDateTime: allergy.onset }),
    ...assertedIn(context),
    ...(allergy.reactions.length > 0 && {
      reaction: [
        {
          manifestation: allergy.reactions.map(conceptOf),
          ...(allergy.severity && { severity: allergy.severity }),
        },
      ],
    }),
    ...notesOf(allergy.text, context),
  };
  return edit('create', resource);
}

/** An allergy that is no longer one: ended with date and reason, kept and shown apart (hazard 88). */
export function endAllergy(
  allergy: AllergyIntolerance,
  end: { readonly date: string; readonly reason: string },
): RecordEdit {
  return edit(
    'amend',
    {
      ...allergy,
      clinicalStatus: {
        coding: [{ system: `${HL7_CODE_SYSTEM}allergyintolerance-clinical`, code: 'inactive' }],
      },
      extension: [
        ...(allergy.extension ?? []).filter((one) => one.url !== EXTENSION.allergyEnd),
        {
          url: EXTENSION.allergyEnd,
          extension: [
            { url: 'endDate', valueDateTime: end.date },
            { url: 'reasonEnded', valueString: end.reason },
          ],
        },
      ],
    },
    end.reason,
  );
}
