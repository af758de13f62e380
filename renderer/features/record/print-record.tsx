import { useState } from 'react';
import { displayDate, displayDateTime } from '../../../domain/clinical/date-display.ts';
import { missingWords } from '../../../domain/record/completeness-words.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import { host } from '../../host/index.ts';
import { Button, Dialog, localInstant } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { useSignedInUser } from '../session/index.ts';

/**
 * Prints what is shown. Entries marked as sensitive are left out unless a person says otherwise; what is about
 * safeguarding is left out always.
 */
export function PrintRecord({ record }: { readonly record: RecordView }) {
  const [asking, setAsking] = useState(false);
  const count = record.sensitiveEntries;
  const print = (everything: boolean) => {
    setAsking(false);
    const { dataset } = document.documentElement;
    if (everything) dataset['print'] = 'everything';
    void host().call('audit.record', { action: 'print', patientId: record.patientId });
    void host()
      .call('print.page', { landscape: false })
      .finally(() => {
        delete dataset['print'];
      });
  };
  useCommand({
    id: 'record.print',
    title: 'Print what is shown',
    keys: 'Ctrl+P',
    group: 'Record',
    run: () => {
      if (count > 0) setAsking(true);
      else print(false);
    },
  });
  if (!asking) return null;
  return (
    <Dialog
      title="Print what is shown"
      onClose={() => {
        setAsking(false);
      }}
      foot={
        <>
          <Button
            onClick={() => {
              print(true);
            }}
          >
            Print them too, marked
          </Button>
          <Button
            tone="primary"
            autoFocus
            onClick={() => {
              print(false);
            }}
          >
            Leave them out
          </Button>
        </>
      }
    >
      <p>
        <strong>
          {count === 1
            ? 'One entry of this record is marked as sensitive'
            : `${count} entries of this record are marked as sensitive`}
        </strong>{' '}
        (not for online viewing, or about somebody else).
      </p>
      <p>
        Leave them out of what is handed to the patient or to others. What is about safeguarding is never
        printed. Free text is printed as it stands: read it before you hand it out.
      </p>
    </Dialog>
  );
}

/** On paper only, at the head of every page: of when the data are, how whole they are, who printed them. */
export function PrintFacts({ record, part }: { readonly record: RecordView; readonly part: string }) {
  const user = useSignedInUser();
  const { completeness, asAt } = record;
  const missing = missingWords(completeness);
  return (
    <div className="print-facts">
      <p>
        <strong>{part}</strong> ·{' '}
        {completeness.dataAsOf === null
          ? 'time of the data not known'
          : `data as of ${displayDateTime(completeness.dataAsOf)}`}
        {asAt === null ? '' : ` · shown as it was on ${displayDate(asAt)}`} · printed{' '}
        {displayDateTime(localInstant())} by {user.name}, {user.organisationName}
      </p>
      {missing === null ? null : (
        <p>
          <strong>{missing}</strong>
        </p>
      )}
      {record.sensitiveEntries > 0 ? (
        <>
          <p className="print-left-out">Entries marked as sensitive are left out of this print.</p>
          <p className="print-everything">Entries marked as sensitive are printed: not for others.</p>
        </>
      ) : null}
    </div>
  );
}
