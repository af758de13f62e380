import { useEffect, useState } from 'react';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import { host } from '../../host/index.ts';
import { Button, Notice } from '../../ui/index.ts';
import { templateWorkOf, type TemplateWork } from './use-editing.ts';

/** One's own templates that were begun and not saved: to go on with, or to give up. */
export function UnfinishedTemplates({ onGoOn }: { readonly onGoOn: (work: TemplateWork) => void }) {
  const [works, setWorks] = useState<readonly TemplateWork[]>([]);
  useEffect(() => {
    let stale = false;
    void host()
      .call('draft.list')
      .then((answer) => {
        if (stale || !answer.ok) return;
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
  return works.map((work) => (
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
              setWorks(works.filter(({ draftId }) => draftId !== work.draftId));
              void host().call('draft.discard', { draftId: work.draftId });
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
}
