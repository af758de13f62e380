import { createContext, use } from 'react';

/** What a person may ask for from a line of the record; the workspace around the record carries it out. */
export type RecordAction =
  | { readonly kind: 'provenance' | 'medicine'; readonly key: string }
  | { readonly kind: 'add-allergy' | 'add-problem' | 'add-medication' | 'add-task' }
  | { readonly kind: 'change-allergy' | 'change-problem' | 'change-medication'; readonly key: string }
  | { readonly kind: 'complete-task' | 'correct-observation' | 'open-document'; readonly key: string }
  | { readonly kind: 'change-demographics' }
  | { readonly kind: 'entered-in-error' | 'move-entry' | 'addendum' | 'reopen'; readonly key: string };

/** The action that opens an unfinished form again; `null` where this build has no such form. */
export function actionOf({
  kind,
  key,
}: {
  readonly kind: string;
  readonly key?: string;
}): RecordAction | null {
  switch (kind) {
    case 'add-allergy':
    case 'add-problem':
    case 'add-medication':
    case 'add-task':
    case 'change-demographics':
      return { kind };
    case 'change-allergy':
    case 'change-problem':
    case 'change-medication':
    case 'complete-task':
    case 'correct-observation':
    case 'entered-in-error':
    case 'addendum':
      return key === undefined ? null : { kind, key };
    default:
      return null;
  }
}

export const RecordActionsContext = createContext<(action: RecordAction) => void>(() => undefined);

export function useRecordAction(): (action: RecordAction) => void {
  return use(RecordActionsContext);
}
