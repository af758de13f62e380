/** Coded lines of a consultation as resources. */
import type { Condition, FamilyMemberHistory, Observation, Procedure } from '@medplum/fhirtypes';
import { EXTENSION } from './record-extensions.ts';
import {
  assertedIn,
  authorReference,
  conceptOf,
  edit,
  encounterOf,
  HL7_CODE_SYSTEM,
  notesOf,
  patientReference,
  type EditContext,
  type EnteredConcept,
  type RecordEdit,
} from './record-edit.ts';

/** A coded line of a consultation. */
export interface EditedEntry {
  readonly id: string;
  readonly concept: EnteredConcept;
  /** Free text beside the code. */
  readonly text?: string;
  /**
   * `problem`: goes on the problem list; `diagnosis`: a condition that is no problem; `finding`: a symptom, sign or
   * history entry; `procedure`: done today; `family-history`.
   */
  readonly as: 'problem' | 'diagnosis' | 'finding' | 'procedure' | 'family-history';
  readonly episode?: 'new' | 'ongoing';
  readonly certainty?: 'confirmed' | 'suspected';
  readonly problem?: { readonly significance: 'significant' | 'minor'; readonly status: 'active' | 'past' };
  /** FHIR date(time); the consultation's time where absent. */
  readonly onset?: string;
  readonly relationship?: string;
}

export function codedEntry(entry: EditedEntry, context: EditContext): RecordEdit {
  switch (entry.as) {
    case 'problem':
    case 'diagnosis':
      return edit('create', conditionOf(entry, context));
    case 'finding':
      return edit('append', findingOf(entry, context));
    case 'procedure':
      return edit('append', procedureOf(entry, context));
    case 'family-history':
      return edit('create', familyHistoryOf(entry, context));
  }
}

function episodeOf(entry: EditedEntry): { extension?: { url: string; valueCode: string }[] } {
  return entry.episode === undefined
    ? {}
    : { extension: [{ url: EXTENSION.episode, valueCode: entry.episode }] };
}

function conditionOf(entry: EditedEntry, context: EditContext): Condition {
  const isProblem = entry.as === 'problem';
  const significance = entry.problem?.significance ?? 'significant';
  const extension = [
    ...(isProblem
      ? [
          {
            url: EXTENSION.problemSignificance,
            valueCode: significance === 'significant' ? 'major' : 'minor',
          },
        ]
      : []),
    ...(episodeOf(entry).extension ?? []),
  ];
  return {
    resourceType: 'Condition',
    id: entry.id,
    ...(extension.length > 0 && { extension }),
    clinicalStatus: {
      coding: [
        {
          system: `${HL7_CODE_SYSTEM}condition-clinical`,
          code: entry.problem?.status === 'past' ? 'inactive' : 'active',
        },
      ],
    },
    verificationStatus: {
      coding: [
        {
          system: `${HL7_CODE_SYSTEM}condition-ver-status`,
          code: entry.certainty === 'suspected' ? 'provisional' : 'confirmed',
          display: entry.certainty === 'suspected' ? 'Suspected' : 'Confirmed',
        },
      ],
    },
    category: [
      {
        coding: [
          {
            system: `${HL7_CODE_SYSTEM}condition-category`,
            code: isProblem ? 'problem-list-item' : 'encounter-diagnosis',
            display: isProblem ? 'Problem List Item' : 'Encounter Diagnosis',
          },
        ],
      },
    ],
    code: conceptOf(entry.concept),
    subject: patientReference(context),
    ...(entry.onset !== undefined && { onsetDateTime: entry.onset }),
    ...assertedIn(context),
    ...notesOf(entry.text, context),
  };
}

function findingOf(entry: EditedEntry, context: EditContext): Observation {
  return {
    resourceType: 'Observation',
    id: entry.id,
    ...episodeOf(entry),
    status: 'final',
    code: conceptOf(entry.concept),
    subject: patientReference(context),
    ...encounterOf(context),
    effectiveDateTime: entry.onset ?? context.recorded,
    issued: context.recorded,
    performer: [authorReference(context)],
    ...notesOf(entry.text, context),
  };
}

function procedureOf(entry: EditedEntry, context: EditContext): Procedure {
  return {
    resourceType: 'Procedure',
    id: entry.id,
    status: 'completed',
    code: conceptOf(entry.concept),
    subject: patientReference(context),
    ...encounterOf(context),
    performedDateTime: entry.onset ?? context.recorded,
    recorder: authorReference(context),
    performer: [{ actor: authorReference(context) }],
    ...notesOf(entry.text, context),
  };
}

function familyHistoryOf(entry: EditedEntry, context: EditContext): FamilyMemberHistory {
  return {
    resourceType: 'FamilyMemberHistory',
    id: entry.id,
    status: 'completed',
    patient: patientReference(context),
    date: context.recorded,
    relationship:
      entry.relationship === undefined
        ? {
            coding: [
              {
                system: `${HL7_CODE_SYSTEM}v3-RoleCode`,
                code: 'FAMMEMB',
                display: 'family member',
              },
            ],
            text: 'Family member, not said which',
          }
        : { text: entry.relationship },
    condition: [{ code: conceptOf(entry.concept) }],
    ...notesOf(entry.text, context),
  };
}
