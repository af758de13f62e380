import { useState } from 'react';
import type { OpenedRecord } from '../cache/index.ts';
import {
  bannerOfEntry,
  bannerOfRecord,
  GuardedPatientContext,
  PatientBanner,
  useLookAlike,
} from '../features/patient-banner/index.ts';
import { AddTask } from '../features/lists/index.ts';
import { ChangeDemographics } from '../features/registration/index.ts';
import { UnfinishedForms } from '../features/saving/index.ts';
import { RefusedHere } from '../features/sync-centre/index.ts';
import { useCommand } from '../ui/commands/index.ts';
import { Button, Empty, Notice } from '../ui/index.ts';

/** Faces the waiting room: whereabouts of a protected patient are in the banner, on request. */
const PROTECTED = 'Protected: Alt+B asks for it';

/** What the front desk sees of a patient: who it is and where they live. Nothing clinical (clinical.md, Governance). */
export function FrontDeskRecord({
  patientId,
  opened,
  now,
}: {
  readonly patientId: string;
  readonly opened: OpenedRecord;
  readonly now: string;
}) {
  const [changing, setChanging] = useState(false);
  const [adding, setAdding] = useState(false);
  const lookAlike = useLookAlike(patientId);
  useCommand({
    id: 'record.demographics',
    title: 'Change demographics',
    keys: 'Alt+D',
    group: 'Record',
    enabled: opened.state === 'ready',
    run: () => {
      setChanging(true);
    },
  });
  useCommand({
    id: 'record.task',
    title: 'Leave a task or message about this patient',
    keys: 'F8',
    group: 'Record',
    enabled: opened.state === 'ready',
    run: () => {
      setAdding(true);
    },
  });
  const entry = opened.state === 'ready' || opened.state === 'unknown' ? null : opened.entry;
  const content =
    opened.state === 'ready'
      ? bannerOfRecord(opened.record, now)
      : entry === null
        ? null
        : bannerOfEntry(entry, now);
  if (content === null)
    return <Empty>This patient is not on this computer. Find the patient with Ctrl+K.</Empty>;
  const whose = `${content.banner.name} ${content.banner.age ?? ''}`.trim();
  return (
    <GuardedPatientContext value={{ lookAlike, content }}>
      <div className="record-page">
        <PatientBanner content={content} lookAlike={lookAlike} clinical={false} />
        <RefusedHere patientId={patientId} whose={whose} onDraft={() => undefined} />
        <UnfinishedForms
          whose={whose}
          forms={({ kind }) => kind === 'add-task' || kind === 'change-demographics'}
          onGoOn={({ kind }) => {
            if (kind === 'add-task') setAdding(true);
            else setChanging(true);
          }}
        />
        <section className="stack surgery" aria-label="Demographics">
          <div className="row">
            <h2>Demographics</h2>
            <Button
              keys="Alt+D"
              disabled={opened.state !== 'ready'}
              onClick={() => {
                setChanging(true);
              }}
            >
              Change demographics
            </Button>
            <Button
              keys="F8"
              disabled={opened.state !== 'ready'}
              onClick={() => {
                setAdding(true);
              }}
            >
              Leave a task or message
            </Button>
          </div>
          <dl className="front-desk-facts">
            <dt>Address</dt>
            <dd>{content.protectedPatient ? PROTECTED : (content.address ?? 'Not recorded')}</dd>
            <dt>Telephone</dt>
            <dd>{content.protectedPatient ? PROTECTED : content.phones.join(', ') || 'Not recorded'}</dd>
            <dt>Registration</dt>
            <dd>
              {content.registration === null
                ? content.temporaryIdentity
                  ? 'Registered without an NHS number: Alt+D enters it'
                  : 'Registered'
                : content.registration === 'newborn'
                  ? 'Newborn, not yet matched'
                  : 'Temporary'}
            </dd>
          </dl>
          <Notice>Clinical content is not shown in your role.</Notice>
        </section>
        {adding ? (
          <AddTask
            record={{ patientId }}
            whose={whose}
            onClose={() => {
              setAdding(false);
            }}
          />
        ) : null}
        {changing ? (
          <ChangeDemographics
            patientId={patientId}
            whose={whose}
            onClose={() => {
              setChanging(false);
            }}
          />
        ) : null}
      </div>
    </GuardedPatientContext>
  );
}
