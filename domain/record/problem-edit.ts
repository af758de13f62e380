import type { Condition } from '@medplum/fhirtypes';
import { EXTENSION } from './record-extensions.ts';
import { edit, HL7_CODE_SYSTEM, notesOf, type EditContext, type RecordEdit } from './record-edit.ts';

export interface ProblemChange {
  readonly status?: 'active' | 'past';
  readonly significance?: 'significant' | 'minor';
  /** FHIR date; only with `past`. */
  readonly ended?: string;
  readonly text?: string;
}

export function changeProblem(problem: Condition, change: ProblemChange, context: EditContext): RecordEdit {
  const { abatementDateTime, ...rest } = problem;
  const isPast = change.status === 'past';
  const ended = change.ended ?? (change.status === 'active' ? undefined : abatementDateTime);
  return edit('amend', {
    ...rest,
    ...(change.status && {
      clinicalStatus: {
        coding: [{ system: `${HL7_CODE_SYSTEM}condition-clinical`, code: isPast ? 'inactive' : 'active' }],
      },
    }),
    ...(ended !== undefined && { abatementDateTime: ended }),
    ...(change.significance && {
      extension: [
        ...(problem.extension ?? []).filter((one) => one.url !== EXTENSION.problemSignificance),
        {
          url: EXTENSION.problemSignificance,
          valueCode: change.significance === 'significant' ? 'major' : 'minor',
        },
      ],
    }),
    ...(change.text !== undefined && {
      note: [...(problem.note ?? []), ...(notesOf(change.text, context).note ?? [])],
    }),
  });
}
