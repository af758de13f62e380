import { displayDate, displayDateTime } from '../../../domain/clinical/date-display.ts';
import type { RecordCompleteness, RecordView } from '../../../domain/record/record-view.ts';
import { useState } from 'react';
import { missingWords } from '../../../domain/record/completeness-words.ts';
import { readDateText } from '../dates/index.ts';
import { Button, localInstant, Notice } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { Documents } from './documents.tsx';
import { FindInRecord } from './find-in-record.tsx';
import { Graphs } from './graphs.tsx';
import { CompletenessContext } from './nothing.tsx';
import './print-record.css';
import { Journal } from './journal.tsx';
import { MedicationList } from './medication-list.tsx';
import { ProblemList } from './problem-list.tsx';
import { Results } from './results.tsx';
import { Summary } from './summary.tsx';
import './record.css';

export const RECORD_TABS = [
  'summary',
  'journal',
  'problems',
  'medication',
  'results',
  'graphs',
  'documents',
  'find',
] as const;
export type RecordTab = (typeof RECORD_TABS)[number];

export const RECORD_TAB_TITLES: Readonly<Record<RecordTab, string>> = {
  summary: 'Summary',
  journal: 'Journal',
  problems: 'Problems',
  medication: 'Medication',
  results: 'Results',
  graphs: 'Graphs',
  documents: 'Documents',
  find: 'Find',
};

/** The open record under its banner: tabs by Alt and a digit, its time and completeness always in view. */
export function RecordScreen({
  record,
  tab,
  onTab,
  onAsAt,
}: {
  readonly record: RecordView;
  readonly tab: RecordTab;
  readonly onTab: (tab: RecordTab) => void;
  readonly onAsAt: (asAt: string | null) => void;
}) {
  const { patientId, asAt } = record;
  return (
    <section className="record" aria-label="Record">
      <div className="record-bar">
        <div className="tabs" role="tablist" aria-label="Parts of the record">
          {RECORD_TABS.map((name, index) => (
            <Tab key={name} name={name} digit={index + 1} selected={name === tab} onTab={onTab} />
          ))}
        </div>
        <AsAtBox asAt={asAt} onAsAt={onAsAt} />
        <span className="record-state">{stateWords(record.completeness)}</span>
      </div>
      <Warnings
        record={record}
        onNow={() => {
          onAsAt(null);
        }}
      />
      <CompletenessContext value={record.completeness}>
        <div className="record-body" role="tabpanel" aria-label={RECORD_TAB_TITLES[tab]}>
          <TabBody record={record} tab={tab} patientId={patientId} asAt={asAt} />
        </div>
      </CompletenessContext>
    </section>
  );
}

function TabBody({
  record,
  tab,
  patientId,
  asAt,
}: {
  readonly record: RecordView;
  readonly tab: RecordTab;
  readonly patientId: string;
  readonly asAt: string | null;
}) {
  switch (tab) {
    case 'summary':
      return <Summary record={record} />;
    case 'journal':
      return <Journal patientId={patientId} asAt={asAt} />;
    case 'problems':
      return <ProblemList patientId={patientId} asAt={asAt} />;
    case 'medication':
      return <MedicationList patientId={patientId} asAt={asAt} asOf={record.completeness.dataAsOf} />;
    case 'results':
      return <Results patientId={patientId} asAt={asAt} />;
    case 'graphs':
      return <Graphs patientId={patientId} asAt={asAt} />;
    case 'documents':
      return <Documents patientId={patientId} asAt={asAt} />;
    case 'find':
      return <FindInRecord patientId={patientId} asAt={asAt} />;
  }
}

function Tab({
  name,
  digit,
  selected,
  onTab,
}: {
  readonly name: RecordTab;
  readonly digit: number;
  readonly selected: boolean;
  readonly onTab: (tab: RecordTab) => void;
}) {
  const show = () => {
    onTab(name);
  };
  useCommand({
    id: `record.${name}`,
    title: `Show ${RECORD_TAB_TITLES[name].toLowerCase()}`,
    keys: `Alt+${digit}`,
    group: 'Record',
    run: show,
  });
  return (
    <button type="button" role="tab" aria-selected={selected} onClick={show}>
      {RECORD_TAB_TITLES[name]}
      <kbd aria-hidden="true">{digit}</kbd>
    </button>
  );
}

function AsAtBox({
  asAt,
  onAsAt,
}: {
  readonly asAt: string | null;
  readonly onAsAt: (asAt: string | null) => void;
}) {
  const [text, setText] = useState('');
  const today = localInstant().slice(0, 10);
  const read = readDateText(text, today);
  return (
    <label className="row small">
      As on
      <input
        className="box as-at"
        placeholder="day month year"
        value={asAt === null ? text : displayDate(asAt)}
        readOnly={asAt !== null}
        aria-invalid={text !== '' && (read === null || read > today) ? true : undefined}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || read === null || read > today) return;
          onAsAt(read);
          setText('');
        }}
      />
    </label>
  );
}

function Warnings({ record, onNow }: { readonly record: RecordView; readonly onNow: () => void }) {
  const { asAt, completeness } = record;
  if (asAt === null && completeness.warnings.length === 0 && completeness.state !== 'superseded') return null;
  return (
    <div className="record-warnings">
      {asAt === null ? null : (
        <Notice tone="amber" action={<Button onClick={onNow}>Show it as it is now</Button>}>
          <strong>The record as it was on {displayDate(asAt)}.</strong> Later entries are not shown, and
          nothing can be added here.
        </Notice>
      )}
      {completeness.state === 'superseded' ? (
        <Notice tone="amber">A newer copy of this record is on its way.</Notice>
      ) : null}
      {completeness.warnings.map((warning, index) => (
        <Notice key={index} tone="amber">
          {warning.text}
        </Notice>
      ))}
    </div>
  );
}

function stateWords(completeness: RecordCompleteness): string {
  const { state, dataAsOf, resources } = completeness;
  if (state === 'new') return 'Registered on this computer, not yet sent';
  const time = dataAsOf === null ? 'time of data not known' : `data as of ${displayDateTime(dataAsOf)}`;
  const whole =
    state !== 'complete' ? 'Older copy' : missingWords(completeness) === null ? 'Whole record' : 'Not whole';
  return `${whole} · ${resources} ${resources === 1 ? 'entry' : 'entries'} · ${time}`;
}
