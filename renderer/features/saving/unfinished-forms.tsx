import { useState } from 'react';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import { ErrorNotice } from '../session/index.ts';
import { Button, Notice } from '../../ui/index.ts';
import { GiveUp } from './give-up.tsx';
import { formWords } from './draft-words.ts';
import type { FormName, UnfinishedForm } from './form-content.ts';
import { useUnfinishedForms } from './form-draft.tsx';

/** Forms of this patient that were begun and not saved: to go on with, or to give up. */
export function UnfinishedForms({
  whose,
  forms,
  onGoOn,
}: {
  readonly whose: string;
  /** Which of them can be opened here. */
  readonly forms?: (form: FormName) => boolean;
  readonly onGoOn: (form: FormName) => void;
}) {
  const { unfinished, again, error } = useUnfinishedForms();
  const [givingUp, setGivingUp] = useState<UnfinishedForm | null>(null);
  return (
    <>
      <ErrorNotice error={error} />
      {unfinished
        .filter(({ form }) => forms === undefined || forms(form))
        .map((one) => (
          <Notice
            key={one.draft.draftId}
            tone="amber"
            action={
              <span className="row">
                <Button
                  onClick={() => {
                    onGoOn(one.form);
                  }}
                >
                  Go on
                </Button>
                <Button
                  onClick={() => {
                    setGivingUp(one);
                  }}
                >
                  Give it up…
                </Button>
              </span>
            }
          >
            <strong>Not yet saved: {formWords(one.form)}</strong>, begun{' '}
            {displayDateTime(one.draft.startedAt)}
          </Notice>
        ))}
      {givingUp ? (
        <GiveUp
          title="Give this form up"
          whose={whose}
          draftId={givingUp.draft.draftId}
          words={wordsIn(givingUp.values)}
          onGivenUp={() => {
            setGivingUp(null);
            again();
          }}
          onClose={() => {
            setGivingUp(null);
          }}
        />
      ) : null}
    </>
  );
}

/** Everything that was typed into a form. */
export function wordsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.trim() === '' ? [] : [value.trim()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(wordsIn) : [];
}
