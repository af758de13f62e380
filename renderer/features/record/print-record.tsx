import { useState, type ReactNode } from 'react';
import type { PatientBanner } from '../../../domain/clinical/banner.ts';
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

/**
 * On paper only, repeated at the head of every page: whose record it is, of when the data are, how whole they are, who
 * printed them. It stays low: Chromium repeats no head that is higher than a quarter of the page.
 */
export function PrintHead({
  record,
  banner,
  part,
}: {
  readonly record: RecordView;
  readonly banner: PatientBanner;
  /** Which part of the record this is. */
  readonly part: string;
}) {
  const user = useSignedInUser();
  const { completeness, asAt } = record;
  const missing = missingWords(completeness);
  const { born, age, deceased, gender, nhsNumber } = banner;
  const items = [born, ...(deceased ? [deceased.died, deceased.ageAtDeath] : []), gender, nhsNumber];
  return (
    <div className="print-head">
      <p>
        <strong className="print-name">{banner.name}</strong>
        {items.map((item) => (
          <span key={item.label} className="print-item">
            {item.label}{' '}
            <strong>{item === born && age !== null ? `${item.value} (${age})` : item.value}</strong>
          </span>
        ))}
      </p>
      <p>{allergyWords(banner)}</p>
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

const MOST_ALLERGENS = 4;

/** All allergens where they are few; where they are many the first page has them, and every page says so. */
function allergyWords({ allergies: { heading, items, notes } }: PatientBanner): ReactNode {
  const words = [...items.map((item) => item.agent), ...notes];
  return (
    <>
      <strong>{heading}</strong>
      {words.length === 0
        ? ''
        : words.length > MOST_ALLERGENS
          ? `: ${words.length}, all on page 1`
          : `: ${words.join(' · ')}`}
    </>
  );
}
