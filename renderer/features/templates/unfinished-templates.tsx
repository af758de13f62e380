import { useEffect, useState } from 'react';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { host } from '../../host/index.ts';
import { ErrorNotice } from '../session/index.ts';
import { Button, Notice } from '../../ui/index.ts';
import { templateWorkOf, type TemplateWork } from './use-editing.ts';

/** One's own templates that were begun and not saved: to go on with, or to give up. */
export function UnfinishedTemplates({ onGoOn }: { readonly onGoOn: (work: TemplateWork) => void }) {
  const [works, setWorks] = useState<readonly TemplateWork[]>([]);
  const [error, setError] = useState<BridgeError | null>(null);
  useEffect(() => {
    let stale = false;
    void host()
      .call('draft.list')
      .then((answer) => {
        if (stale) return;
        setError(answer.ok ? null : answer.error);
        if (!answer.ok) return;
        setWorks(
          answer.value.flatMap(({ kind, content }) =>
            kind === 'other' ? (templateWorkOf(content) ?? []) : [],
          ),
        );
      });
    return () => {
      stale = true;
    };
  }, []);
  const giveUp = async ({ draftId }: TemplateWork) => {
    const answer = await host().call('draft.discard', { draftId });
    setError(answer.ok ? null : answer.error);
    // It stands there until it is really gone.
    if (answer.ok) setWorks((before) => before.filter((one) => one.draftId !== draftId));
  };
  const notices = works.map((work) => (
    <Notice
      key={work.draftId}
      action={
        <span className="row">
          <Button
            onClick={() => {
              onGoOn(work);
            }}
          >
            Go on
          </Button>
          <Button
            onClick={() => {
              void giveUp(work);
            }}
          >
            Give it up
          </Button>
        </span>
      }
    >
      Not yet saved: <strong>{work.edited.label || 'a template without a name'}</strong>, begun{' '}
      {displayDateTime(work.startedAt)}
    </Notice>
  ));
  return (
    <>
      <ErrorNotice error={error} />
      {notices}
    </>
  );
}
