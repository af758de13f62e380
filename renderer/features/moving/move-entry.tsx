import { useEffect, useState } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import type { Draft } from '../../../contract/channels/record.ts';
import type { Task } from '@medplum/fhirtypes';
import { bannerAge } from '../../../domain/clinical/age.ts';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import { enteredInError } from '../../../domain/record/record-edit.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import type { ResourceJson } from '../../../domain/sync/operation.ts';
import type { PatientHit, ResourceAsShown } from '../../cache/index.ts';
import { host } from '../../host/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { newNote } from '../consultation/index.ts';
import { EntryDialog } from '../lists/index.ts';
import { entryName, PatientLine, usePatientSearch } from '../patient-search/index.ts';
import { useRecordView } from '../record/index.ts';
import {
  changeFrom,
  editContext,
  newId,
  offerDraft,
  resourceOf,
  SavedWords,
  useSave,
} from '../saving/index.ts';
import { useSignedInUser } from '../session/index.ts';
import { Button, Notice, Skeleton, TextField, useNow, useToaster } from '../../ui/index.ts';
import { movedOf, noteOf, typedNoteOf, type Moved, type OwnSave } from './moved-words.ts';

const SHOWN_HITS = 6;

const GONE: BridgeError = {
  code: 'not-here',
  message: 'A part of it is not in the data on this computer any more.',
  lost: 'nothing',
  remedy: 'Open the record again and look at the entry.',
};

/**
 * Signed in the wrong record: marked as entered in error here, with why, and a draft in the other's record, once a
 * person has confirmed whose it is. Nothing is signed there by this; both trails are kept and linked.
 */
export function MoveEntry({
  record,
  entryKey,
  whose,
  onMoved,
  onClose,
}: {
  readonly record: RecordView;
  readonly entryKey: string;
  readonly whose: string;
  /** The draft stands in that record. */
  readonly onMoved: (patientId: string, pane: 'consultation' | 'observations') => void;
  readonly onClose: () => void;
}) {
  const { moved, shown, error: notRead } = useWhatMoves(record.patientId, entryKey);
  const [reason, setReason] = useState('');
  const [hit, setHit] = useState<PatientHit | null>(null);
  const [confirmed, setConfirmed] = useState(false);
  const move = useMove(record.patientId, onMoved);
  if (moved === undefined && notRead === null) return <Skeleton label="Reading the entry" lines={3} />;
  const name = hit ? entryName(hit.entry) : '';
  return (
    <EntryDialog
      title="Move to the right patient"
      size="wide"
      whose={whose}
      action={hit && confirmed ? `Move to ${name}: mark as error` : 'Move'}
      ready={moved !== undefined && moved !== null && hit !== null && confirmed && reason.trim() !== ''}
      busy={move.busy}
      error={notRead ?? move.error}
      onClose={onClose}
      onSubmit={() => {
        if (moved && hit) void move.run(moved, shown, hit.entry.id, reason.trim());
      }}
    >
      {moved ? (
        <Notice tone="amber">
          <strong>
            Written by {moved.author ?? 'an author who is not recorded'},{' '}
            {displayDateTime(moved.when ?? undefined)}:
          </strong>{' '}
          <ul aria-label="What is struck out here and moved">
            {[...moved.lines.map(({ text }) => text), ...tasksAmong(shown)].map((words, at) => (
              <li key={at} className="preserve">
                {words}
              </li>
            ))}
          </ul>
          <p>
            All of it stays in this record, struck through, with your name, the time and this reason. In the
            right record it becomes your draft: nothing is signed there until you have read it and signed.
          </p>
        </Notice>
      ) : null}
      {moved === null ? (
        <Notice tone="amber">This entry is not in the data on this computer any more.</Notice>
      ) : null}
      <TextField
        label="Why it does not belong here"
        autoFocus
        value={reason}
        onChange={(event) => {
          setReason(event.target.value);
        }}
      />
      {hit ? (
        <RightPatient
          hit={hit}
          confirmed={confirmed}
          onConfirm={() => {
            setConfirmed(true);
          }}
          onOther={() => {
            setHit(null);
            setConfirmed(false);
          }}
        />
      ) : (
        <FindPatient notThis={record.patientId} onChoose={setHit} />
      )}
    </EntryDialog>
  );
}

function FindPatient({
  notThis,
  onChoose,
}: {
  readonly notThis: string;
  readonly onChoose: (hit: PatientHit) => void;
}) {
  const [words, setWords] = useState('');
  const { found } = usePatientSearch(words);
  const now = useNow();
  const hits = (found?.hits ?? []).filter(({ entry }) => entry.id !== notThis).slice(0, SHOWN_HITS);
  return (
    <>
      <TextField
        label="The right patient"
        hint="Name, date of birth, NHS number"
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
        }}
        onKeyDown={(event) => {
          // Never the whole form, and never the first of several: the list is for choosing.
          if (event.key === 'Enter') event.preventDefault();
        }}
      />
      {words.trim() === '' ? null : (
        <ul className="listbox booking-found">
          {hits.map((one) => (
            <li key={one.entry.id}>
              <button
                type="button"
                className="entry-head"
                onClick={() => {
                  onChoose(one);
                }}
              >
                <PatientLine hit={one} now={now} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Who it would be, in full, and a confirmation of its own. */
function RightPatient({
  hit,
  confirmed,
  onConfirm,
  onOther,
}: {
  readonly hit: PatientHit;
  readonly confirmed: boolean;
  readonly onConfirm: () => void;
  readonly onOther: () => void;
}) {
  const now = useNow();
  const { entry } = hit;
  const name = `${entryName(entry)} ${bannerAge({ birthDate: entry.birthDate }, { date: now }) ?? ''}`.trim();
  return (
    <section aria-label="The right patient" className="stack">
      <PatientLine hit={hit} now={now} />
      <div className="row">
        <Button autoFocus aria-pressed={confirmed} onClick={onConfirm}>
          {confirmed ? `Confirmed: ${name}` : `Yes, it belongs to ${name}`}
        </Button>
        <Button tone="plain" onClick={onOther}>
          Another patient
        </Button>
      </div>
    </section>
  );
}

interface WhatMoves {
  /** `undefined` while it is read, `null` where it is not here. */
  readonly moved: Moved | null | undefined;
  /** Each of its resources, as it is shown. */
  readonly shown: readonly ResourceAsShown[];
  readonly error: BridgeError | null;
}

/** All that would be struck out, read before anybody is asked: what is shown is what is done. */
function useWhatMoves(patientId: string, entryKey: string): WhatMoves {
  const journal = useRecordView(patientId, 'journal', null).value;
  const [own, setOwn] = useState<OwnSave | null>();
  const [error, setError] = useState<BridgeError | null>(null);
  useEffect(() => {
    let stale = false;
    void host()
      .call('record.save-of', { resource: entryKey })
      .then((answer) => {
        if (stale) return;
        // Without its own save nobody knows what was entered with it: nothing is moved by halves.
        if (answer.ok) setOwn(answer.value);
        else setError(answer.error);
      });
    return () => {
      stale = true;
    };
  }, [entryKey]);
  const moved = journal && own !== undefined ? movedOf(journal, entryKey, own) : undefined;
  const keys = moved?.keys ?? [];
  const shown = useBagQuery(
    keys.length === 0 ? null : `moved ${patientId} ${keys.join(' ')}`,
    async (bag) => {
      const all = await Promise.all(keys.map((key) => bag.resource(patientId, key)));
      return all.filter((one) => one !== null);
    },
  ).value;
  if (moved && !shown) return { moved: undefined, shown: [], error };
  return { moved, shown: shown ?? [], error };
}

/** Tasks stand in no journal; they are struck out with the consultation that made them. */
function tasksAmong(shown: readonly ResourceAsShown[]): readonly string[] {
  return shown
    .filter(({ source }) => source.key.startsWith('Task/'))
    .map((one) => `Task: ${resourceOf<Task>(one).description ?? 'without words'}`);
}

function useMove(
  patientId: string,
  onMoved: (patientId: string, pane: 'consultation' | 'observations') => void,
) {
  const save = useSave();
  const user = useSignedInUser();
  const toaster = useToaster();
  const [groupId] = useState(newId);
  const [draftId] = useState(newId);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<BridgeError | null>(null);
  const run = async (moved: Moved, shown: readonly ResourceAsShown[], to: string, reason: string) => {
    setBusy(true);
    setError(await carryOut(moved, shown, to, reason));
    setBusy(false);
  };
  const carryOut = async (moved: Moved, shown: readonly ResourceAsShown[], to: string, reason: string) => {
    const here = new Set<string>(shown.map(({ source }) => source.key));
    if (moved.keys.some((key) => !here.has(key))) return GONE;
    // The words first: nothing is struck out here that does not stand there.
    const draft = draftFor(moved, draftId, to);
    const put = await host().call('draft.move', { draft, from: groupId });
    if (!put.ok) return put.error;
    const why = `Written in the wrong record and moved to the right one. ${reason}`;
    const by = editContext(user, patientId);
    const answer = await save({
      groupId,
      patientId,
      changes: shown.map((one) => changeFrom(enteredInError(resourceOf<ResourceJson>(one), why, by), one)),
    });
    if (!answer.ok) {
      await host().call('draft.discard', { draftId });
      return answer.error;
    }
    toaster.tell(<SavedWords answer={answer.value} />);
    offerDraft(draft);
    onMoved(to, draft.kind === 'observations' ? 'observations' : 'consultation');
    return null;
  };
  return { run, busy, error };
}

/** One's own words as typed where the record still says the same, else the words that stand in the record. */
function draftFor(moved: Moved, draftId: string, patientId: string): Draft {
  const now = new Date().toISOString();
  const { typed } = moved;
  const common = { draftId, patientId, startedAt: typed?.startedAt ?? now, changedAt: now };
  if (typed?.kind === 'observations') return { ...common, kind: 'observations', content: typed.content };
  const note = typed
    ? typedNoteOf(typed.content, moved.besides, newNote(), newId)
    : noteOf(moved, newNote(), newId);
  return { ...common, kind: 'consultation', content: JSON.stringify(note) };
}
