import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { Draft } from '../../../contract/channels/record.ts';
import { host } from '../../host/index.ts';
import { localInstant } from '../../ui/index.ts';
import { contentOf, type FormName, type UnfinishedForm } from './form-content.ts';
import { newId } from './new-id.ts';
import { useDraft, type DraftState } from './use-draft.ts';

interface FormDrafts {
  readonly unfinished: readonly UnfinishedForm[];
  /** Why it is not known what is unfinished. */
  readonly error: BridgeError | null;
  readonly isLooking: boolean;
  readonly again: () => void;
  /** Looks as at first: forms within begin anew. */
  readonly anew: () => void;
}

const FormDraftsContext = createContext<FormDrafts>({
  unfinished: [],
  error: null,
  isLooking: false,
  again: () => undefined,
  anew: () => undefined,
});

export function useUnfinishedForms(): FormDrafts {
  return use(FormDraftsContext);
}

/** One's own unfinished forms about this patient (about none: registrations), for the forms within and their notice. */
export function FormDraftsProvider({
  patientId,
  children,
}: {
  readonly patientId?: string;
  readonly children: ReactNode;
}) {
  const [unfinished, setUnfinished] = useState<readonly UnfinishedForm[] | null>(null);
  const [error, setError] = useState<BridgeError | null>(null);
  const here = useRef(true);
  const again = useCallback(() => {
    void host()
      .call('draft.list')
      .then((answer) => {
        if (!here.current) return;
        setError(answer.ok ? null : answer.error);
        setUnfinished((before) => (answer.ok ? formsOf(answer.value, patientId) : (before ?? [])));
      });
  }, [patientId]);
  useEffect(() => {
    here.current = true;
    again();
    return () => {
      here.current = false;
    };
  }, [again]);
  const context = useMemo(
    () => ({
      unfinished: unfinished ?? [],
      error,
      isLooking: unfinished === null,
      again,
      anew: () => {
        setUnfinished(null);
        again();
      },
    }),
    [unfinished, error, again],
  );
  return <FormDraftsContext value={context}>{children}</FormDraftsContext>;
}

/** The forms among drafts, newest first. */
export function formsOf(drafts: readonly Draft[], patientId: string | undefined): readonly UnfinishedForm[] {
  return drafts
    .filter((draft) => draft.patientId === patientId)
    .flatMap((draft) => {
      const content = contentOf(draft.content);
      return content === null ? [] : [{ draft, ...content }];
    })
    .toSorted((left, right) => right.draft.changedAt.localeCompare(left.draft.changedAt));
}

export interface FormDraft {
  readonly draft: DraftState;
  /** When it was begun, where it is open again; `null` for a form begun now. */
  readonly resumedFrom: string | null;
  /** One box of the form: its value and the way to change it, kept as it is typed. */
  readonly field: <Value>(name: string, empty: Value) => readonly [Value, (value: Value) => void];
  /** The draft that a save ends; `undefined` while nothing was typed. */
  readonly draftId: () => string | undefined;
  /** What was typed goes, by its author's word. */
  readonly giveUp: () => void;
}

/** What is typed into a form, durable as it is typed; the form opens with it again until it is saved or given up. */
export function useFormDraft(kind: Draft['kind'], patientId: string | undefined, form: FormName): FormDraft {
  const { unfinished, again } = use(FormDraftsContext);
  const [resumed] = useState(() =>
    unfinished.find((one) => one.form.kind === form.kind && one.form.key === form.key),
  );
  const [identity] = useState(() => ({
    draftId: resumed?.draft.draftId ?? newId(),
    startedAt: resumed?.draft.startedAt ?? localInstant(),
  }));
  const [values, setValues] = useState<UnfinishedForm['values']>(resumed?.values ?? {});
  const latest = useRef(values);
  const draft = useDraft({ ...identity, kind, ...(patientId === undefined ? {} : { patientId }) });
  // After the draft's own last words went out: what is listed then is what is left.
  useEffect(() => again, [again]);
  return {
    draft,
    resumedFrom: resumed?.draft.startedAt ?? null,
    field: <Value,>(name: string, empty: Value) => {
      const value = values[name];
      const put = (next: Value) => {
        latest.current = { ...latest.current, [name]: next };
        setValues(latest.current);
        draft.put({ form, values: latest.current });
      };
      // Of another build: what is of another sort is not put into the box.
      return [typeof value === typeof empty ? (value as Value) : empty, put];
    },
    draftId: () => (Object.keys(latest.current).length === 0 ? undefined : identity.draftId),
    giveUp: () => {
      draft.ended();
      if (Object.keys(latest.current).length > 0)
        void host().call('draft.discard', { draftId: identity.draftId }).then(again);
    },
  };
}
