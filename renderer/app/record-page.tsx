import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { OpenedRecord } from '../cache/index.ts';
import type { LookAlike } from '../../domain/clinical/look-alike.ts';
import {
  bannerOfEntry,
  bannerOfRecord,
  GuardedPatientContext,
  PatientBanner,
  useLookAlike,
} from '../features/patient-banner/index.ts';
import { useMay } from '../features/session/index.ts';
import { Handover } from '../features/handover/index.ts';
import { ArrivedHere } from '../features/arrived/index.ts';
import { RefusedHere } from '../features/sync-centre/index.ts';
import {
  actionOf,
  PrintHead,
  PrintRecord,
  RECORD_TAB_TITLES,
  RecordActionsContext,
  RecordScreen,
  useRecord,
  type RecordAction,
  type RecordTab,
} from '../features/record/index.ts';
import { useVisitUnderWay } from '../features/surgery/index.ts';
import { FormDraftsProvider, OpenNoteContext, UnfinishedForms } from '../features/saving/index.ts';
import { host } from '../host/index.ts';
import { useCommand } from '../ui/commands/index.ts';
import { Button, Empty, Notice, Skeleton, useNow } from '../ui/index.ts';
import { ChangedMeanwhile } from './changed-meanwhile.tsx';
import { ClinicalCommands } from './clinical-commands.tsx';
import { FrontDeskRecord } from './front-desk-record.tsx';
import { RecordDialogs } from './record-dialogs.tsx';
import { SidePane } from './side-pane.tsx';
import { ErrorBoundary } from './error-boundary.tsx';

/** One live patient: the banner, the record, and beside it what is being written. */
export function RecordPage() {
  const { patientId } = useParams({ from: '/record/$patientId' });
  const may = useMay();
  return (
    <FormDraftsProvider key={patientId} patientId={patientId}>
      {may('view-clinical') ? <OneRecord patientId={patientId} /> : <AtFrontDesk patientId={patientId} />}
    </FormDraftsProvider>
  );
}

function AtFrontDesk({ patientId }: { readonly patientId: string }) {
  const { value: opened, error } = useRecord(patientId, null);
  const now = useNow();
  useEffect(() => {
    void host().call('audit.record', { action: 'read', patientId });
  }, [patientId]);
  if (error) return <Empty>{error}</Empty>;
  if (!opened) return <Skeleton label="Opening the demographics" lines={4} />;
  return <FrontDeskRecord patientId={patientId} opened={opened} now={now} />;
}

function OneRecord({ patientId }: { readonly patientId: string }) {
  const may = useMay();
  const lookAlike = useLookAlike(patientId);
  const { tab, pane, note = null } = useSearch({ from: '/record/$patientId' });
  const navigate = useNavigate({ from: '/record/$patientId' });
  const [asAt, setAsAt] = useState<string | null>(null);
  const [action, setAction] = useState<RecordAction | null>(null);
  const [wide, setWide] = useState(false);
  const { value: opened, error } = useRecord(patientId, asAt);
  const now = useNow();
  useEffect(() => {
    void host().call('audit.record', { action: 'read', patientId });
  }, [patientId]);
  const show = (next: { tab?: RecordTab; pane?: 'none' | 'consultation' | 'observations' }) => {
    void navigate({
      search: ({ note: open, ...search }) => ({
        ...search,
        ...next,
        ...(open === undefined || next.pane === 'none' ? {} : { note: open }),
      }),
    });
  };
  // A set taken while a consultation is being written goes back to it, never to nothing.
  const closePane = () => {
    show({ pane: pane === 'observations' && note !== null ? 'consultation' : 'none' });
  };
  const visitUnderWay = useVisitUnderWay(patientId);
  const [hidden, setHidden] = useState(false);
  const [handingOver, setHandingOver] = useState(false);
  const writable = opened?.state === 'ready' && asAt === null && !hidden && may('record-clinical');
  useCommand({
    id: 'record.hide',
    title: hidden ? 'Show clinical content again' : 'Hide clinical content, keep the identity',
    keys: 'F7',
    group: 'Record',
    run: () => {
      setAction(null);
      setHidden(!hidden);
    },
  });
  useCommand({
    id: 'record.demographics',
    title: 'Change demographics',
    keys: 'Alt+D',
    group: 'Record',
    enabled: writable,
    run: () => {
      setAction({ kind: 'change-demographics' });
    },
  });
  useCommand({
    id: 'record.handover',
    title: 'Handover for ambulance or hospital, to print',
    keys: 'Ctrl+H',
    group: 'Record',
    enabled: opened !== undefined && opened.state !== 'unknown' && !hidden,
    run: () => {
      setHandingOver(true);
    },
  });
  const handover = handingOver ? (
    <Handover
      patientId={patientId}
      onClose={() => {
        setHandingOver(false);
      }}
    />
  ) : null;
  if (error) return <Empty>{error}</Empty>;
  if (!opened) return <Skeleton label="Opening the record" lines={14} />;
  if (opened.state !== 'ready')
    return (
      <>
        <NotReady opened={opened} now={now} lookAlike={lookAlike} />
        {handover}
      </>
    );
  const { record } = opened;
  const content = bannerOfRecord(record, now);
  const whose = `${content.banner.name} ${content.banner.age ?? ''}`.trim();
  return (
    <OpenNoteContext value={pane === 'none' ? null : note}>
      <RecordActionsContext value={setAction}>
        <GuardedPatientContext value={{ lookAlike, content }}>
          <ClinicalCommands
            writable={writable}
            pane={pane}
            wide={wide}
            onPane={(next) => {
              if (next === 'consultation' && pane !== 'consultation') visitUnderWay();
              if (next === 'none') closePane();
              else show({ pane: next });
            }}
            onWide={setWide}
            onAction={setAction}
          />
          {hidden ? null : <PrintRecord record={record} />}
          <div className="record-page">
            <PrintHead record={record} banner={content.banner} part={RECORD_TAB_TITLES[tab]} />
            <div className="record-head">
              <PatientBanner content={content} lookAlike={lookAlike} clinical={!hidden} />
              {hidden ? null : (
                <>
                  {asAt === null ? <ChangedMeanwhile record={record} /> : null}
                  <ArrivedHere patientId={patientId} />
                  <RefusedHere
                    patientId={patientId}
                    whose={whose}
                    onDraft={(kind) => {
                      show({ pane: kind });
                    }}
                  />
                  <UnfinishedForms
                    whose={whose}
                    forms={(form) => writable && actionOf(form) !== null}
                    onGoOn={(form) => {
                      setAction(actionOf(form));
                    }}
                  />
                </>
              )}
            </div>
            <div className="record-panes" data-pane={pane !== 'none' && writable} data-wide={wide}>
              {hidden ? (
                <Hidden
                  onShow={() => {
                    setHidden(false);
                  }}
                />
              ) : (
                <RecordScreen
                  record={record}
                  tab={tab}
                  onTab={(next) => {
                    show({ tab: next });
                  }}
                  onAsAt={setAsAt}
                />
              )}
              {pane !== 'none' && writable ? (
                <aside
                  className="record-side"
                  aria-label={pane === 'consultation' ? 'Consultation' : 'Observations'}
                >
                  <ErrorBoundary where={pane}>
                    <SidePane
                      pane={pane}
                      record={record}
                      whose={whose}
                      note={note}
                      onNote={(encounterId) => {
                        void navigate({
                          replace: true,
                          search: (search) => ({ ...search, note: encounterId }),
                        });
                      }}
                      onClose={closePane}
                    />
                  </ErrorBoundary>
                </aside>
              ) : null}
            </div>
            {action ? (
              <RecordDialogs
                key={JSON.stringify(action)}
                action={action}
                record={record}
                whose={whose}
                onAction={setAction}
                onMoved={(to, pane) => {
                  setAction(null);
                  void navigate({
                    to: '/record/$patientId',
                    params: { patientId: to },
                    search: { tab: 'summary', pane },
                  });
                }}
                onReopened={() => {
                  setAction(null);
                  show({ pane: 'consultation' });
                }}
                onClose={() => {
                  setAction(null);
                }}
              />
            ) : null}
            {handover}
          </div>
        </GuardedPatientContext>
      </RecordActionsContext>
    </OpenNoteContext>
  );
}

/** Who looks over the shoulder reads who it is and nothing else; what was being written is kept as a draft. */
function Hidden({ onShow }: { readonly onShow: () => void }) {
  return (
    <div className="stack surgery">
      <Notice
        action={
          <Button keys="F7" autoFocus onClick={onShow}>
            Show it again
          </Button>
        }
      >
        <strong>Clinical content is hidden.</strong> What was being written is kept as a draft and comes back.
      </Notice>
    </div>
  );
}

function NotReady({
  opened,
  now,
  lookAlike,
}: {
  readonly opened: Exclude<OpenedRecord, { state: 'ready' }>;
  readonly now: string;
  readonly lookAlike: LookAlike;
}) {
  const entry = opened.state === 'unknown' ? null : opened.entry;
  return (
    <div className="record-page">
      {entry ? <PatientBanner content={bannerOfEntry(entry, now)} lookAlike={lookAlike} /> : <span />}
      <div className="stack surgery">
        {opened.state === 'arriving' ? (
          <Notice tone="amber">
            <strong>The record is on its way.</strong> The banner above is from the practice’s list: allergies
            and alerts are known, the rest is not yet here. It opens by itself when it arrives.
          </Notice>
        ) : opened.state === 'unreadable' ? (
          <Notice tone="danger">
            <strong>The copy of this record on this computer cannot be read.</strong> A fresh one is asked
            for. Nothing that was saved here is lost.
          </Notice>
        ) : (
          <Notice tone="amber">
            <strong>This patient is not on this computer.</strong> Nothing was lost. Find the patient with
            Ctrl+K.
          </Notice>
        )}
      </div>
    </div>
  );
}
