import { useRef, useState } from 'react';
import { displayTime } from '../../../domain/clinical/date-display.ts';
import { host } from '../../host/index.ts';
import { usePracticeTelephone } from '../practice/index.ts';
import { ROLE_WORDS, useSignedInUser } from '../session/index.ts';
import { Button, Dialog, Empty, Notice, Skeleton, useNow } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { ArrivingPaper } from './arriving-paper.tsx';
import { HandoverPaper } from './handover-paper.tsx';
import { useHandover, type HandoverContent } from './use-handover.ts';
import './handover.css';

/**
 * The handover for ambulance or hospital as it comes out of the printer, to be read and printed at once. It is made of
 * the record and of what is being written: nothing is typed here, so nothing can be lost here.
 */
export function Handover({
  patientId,
  onClose,
}: {
  readonly patientId: string;
  readonly onClose: () => void;
}) {
  const now = useNow();
  const user = useSignedInUser();
  const telephone = usePracticeTelephone(user.organisation);
  const [withSensitive, setWithSensitive] = useState(false);
  const [outcome, setOutcome] = useState('');
  const [busy, setBusy] = useState(false);
  const inside = useRef<HTMLDivElement>(null);
  const answer = useHandover(patientId, now, withSensitive);
  const isReady = answer.state !== 'loading' && answer.state !== 'none';

  const print = async () => {
    if (!isReady || busy) return;
    setBusy(true);
    await host().call('audit.record', {
      action: 'print',
      patientId,
      detail: withSensitive ? 'Handover, with entries marked as sensitive' : 'Handover',
    });
    const printed = await host().call('print.page', { landscape: false });
    setBusy(false);
    setOutcome(
      printed.ok && printed.value.printed
        ? `Sent to the printer ${displayTime(new Date().toISOString()) ?? ''}.`
        : 'Not printed: it was cancelled, or the printer did not take it. Ctrl+P tries again.',
    );
  };
  const scroll = (by: 1 | -1) => {
    const body = inside.current?.parentElement;
    body?.scrollBy({ top: by * body.clientHeight * 0.85 });
  };
  useCommand({
    id: 'dialog.handover.print',
    title: 'Print the handover',
    keys: 'Ctrl+P',
    group: 'Handover',
    run: () => void print(),
  });
  useCommand({
    id: 'dialog.handover.down',
    title: 'Read on',
    keys: 'PageDown',
    group: 'Handover',
    run: () => {
      scroll(1);
    },
  });
  useCommand({
    id: 'dialog.handover.up',
    title: 'Read back',
    keys: 'PageUp',
    group: 'Handover',
    run: () => {
      scroll(-1);
    },
  });
  const hides = isReady && leavesOut(answer);
  const change = () => {
    setWithSensitive(!withSensitive);
    setOutcome('');
  };
  useCommand({
    id: 'dialog.handover.sensitive',
    title: 'Put in or leave out what is marked as sensitive',
    keys: 'Ctrl+I',
    group: 'Handover',
    enabled: hides || withSensitive,
    run: change,
  });
  const from = {
    name: user.name,
    role: ROLE_WORDS[user.role],
    organisation: user.organisationName,
    telephone,
  };
  return (
    <Dialog
      title="Handover for ambulance or hospital"
      size="wide"
      printable="confidential"
      aside={isReady ? <strong>{whose(answer)}</strong> : null}
      onClose={onClose}
      foot={
        <>
          <span className="grow" role="status">
            {outcome}
          </span>
          <Button keys="Esc" onClick={onClose}>
            Close
          </Button>
          {hides || withSensitive ? (
            <Button keys="Ctrl+I" aria-pressed={withSensitive} onClick={change}>
              Put in what is marked as sensitive
            </Button>
          ) : null}
          <Button
            tone="primary"
            autoFocus
            keys="Ctrl+P"
            aria-disabled={!isReady || busy}
            onClick={() => void print()}
          >
            {isReady ? `Print for ${whose(answer)}` : 'Print'}
          </Button>
        </>
      }
    >
      <div ref={inside}>
        {answer.state === 'loading' ? (
          <Skeleton label="Putting the handover together" lines={14} />
        ) : answer.state === 'none' ? (
          <Empty>{answer.words}</Empty>
        ) : (
          <>
            <div className="handover-notices screen-only">
              {answer.draftsKnown ? null : (
                <Notice tone="danger" role="alert">
                  What you are writing could not be read, so it may be missing from this paper. Close this and
                  sign it first.
                </Notice>
              )}
              <p className="quiet small">
                As it is printed, on A4. Free text stands as it was written: read it before you hand it out.
                Printing changes nothing in the record.
              </p>
            </div>
            {answer.state === 'ready' ? (
              <HandoverPaper
                record={answer.record}
                made={answer.made}
                content={answer.content}
                from={from}
                now={now}
                withSensitive={withSensitive}
              />
            ) : (
              <ArrivingPaper
                state={answer.state}
                content={answer.content}
                drafts={answer.drafts}
                from={from}
                now={now}
              />
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}

function whose({ content: { banner } }: HandoverContent): string {
  return `${banner.name} ${banner.age ?? ''}`.trim();
}

function leavesOut(content: HandoverContent): boolean {
  return content.state === 'ready' ? content.made.leavesOut : content.drafts.leftOut > 0;
}
