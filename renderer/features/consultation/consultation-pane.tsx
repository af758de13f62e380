import { useEffect, useRef, useState, type ReactNode } from 'react';
import { CONSULTATION_TYPES, type ConsultationType } from '../../../domain/record/consultation.ts';
import { isNamed } from '../../../domain/record/companion.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import { needsAccompanyingAdult } from '../../../domain/clinical/child-warnings.ts';
import { asksPregnancy } from '../../../domain/clinical/pregnancy.ts';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import { DateField } from '../dates/index.ts';
import {
  BmiLine,
  News2Panel,
  PregnancyQuestion,
  pregnancyInForce,
  ScaleChoice,
  type SetState,
} from '../observations/index.ts';
import { SwitchedOffNotice, usePractice } from '../practice/index.ts';
import {
  DraftLine,
  DraftsNotRead,
  GiveUpDraft,
  newId,
  OtherDrafts,
  useDraft,
  useOwnDrafts,
} from '../saving/index.ts';
import { useSignedInUser } from '../session/index.ts';
import { Button, localInstant, Notice, Skeleton } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import type { Draft } from '../../../contract/channels/record.ts';
import { CompanionRows, newCompanion } from './companion-rows.tsx';
import { CircumstanceRow } from './circumstance-row.tsx';
import { useChangedSince } from './use-changed-since.ts';
import { Questionnaire } from './questionnaire.tsx';
import type { QuestionnaireKey } from '../../../domain/clinical/questionnaire-scores.ts';
import { NoteEditor } from './note-editor.tsx';
import { LineAllergies } from './line-allergies.tsx';
import { encounterOf, newNote, resumedNote } from './new-note.ts';
import type { ConsultationNote } from './note.ts';
import { noteInWords } from './drafts-in-words.ts';
import { Recorded, staysInWords, useRecorded } from './recorded.tsx';
import { InlineObservations } from './inline-observations.tsx';
import { Review } from './review.tsx';
import { calledFor } from './review-warnings.ts';
import { withoutLast, withSet, withTemplate } from './templates.ts';
import { SetPicker, TakenLast, TemplatePicker, UsedTemplates } from './template-picker.tsx';
import { useNoteObservations } from './use-note-observations.ts';
import { useSign } from './use-sign.ts';
import './consultation.css';

/** A consultation being written beside the record; a draft of its author until it is signed. */
export function ConsultationPane(props: {
  readonly record: RecordView;
  readonly whose: string;
  /** Of the note that is open already, though nothing of it may be typed. */
  readonly encounterId: string | null;
  readonly onNote: (encounterId: string) => void;
  readonly onClose: () => void;
}) {
  const { open, others, error, again, choose } = useOwnDrafts(
    'consultation',
    props.record.patientId,
    ({ content }) => encounterOf(content) === props.encounterId,
  );
  if (open === undefined && error !== null) return <DraftsNotRead error={error} onAgain={again} />;
  if (open === undefined) return <Skeleton label="Looking for a draft" lines={6} />;
  return (
    <OneConsultation key={open.draftId} {...props} draftId={open.draftId} resumed={open.resumed}>
      <OtherDrafts name="note" others={others} onChoose={choose} />
    </OneConsultation>
  );
}

/** The line where the person was in each open note; ids only. */
const lastLine = new Map<string, string>();

function OneConsultation({
  record,
  whose,
  draftId,
  resumed,
  encounterId,
  children,
  onNote,
  onClose,
}: {
  readonly record: RecordView;
  readonly whose: string;
  readonly draftId: string;
  readonly resumed: Draft | null;
  readonly encounterId: string | null;
  /** What stands above the note. */
  readonly children: ReactNode;
  readonly onNote: (encounterId: string) => void;
  readonly onClose: () => void;
}) {
  const [identity] = useState(() => ({
    groupId: newId(),
    startedAt: resumed?.startedAt ?? localInstant(),
  }));
  const [note, setNote] = useState<ConsultationNote>(() =>
    resumed ? resumedNote(resumed.content) : newNote(encounterId ?? undefined),
  );
  const [reviewing, setReviewing] = useState(false);
  const draft = useDraft({
    draftId,
    kind: 'consultation',
    patientId: record.patientId,
    startedAt: identity.startedAt,
  });
  const change = (next: ConsultationNote) => {
    setNote(next);
    draft.put(next);
  };
  /** What takes the focus once it stands there. */
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    document.querySelector<HTMLElement>(`.consultation ${wanted.current}`)?.focus();
    wanted.current = null;
  });
  const recorded = useRecorded(note, record.patientId);
  useEffect(() => {
    if (note.encounterId !== encounterId) onNote(note.encounterId);
  }, [note.encounterId, encounterId, onNote]);
  const isKept = useRef(resumed !== null);
  useEffect(() => {
    // What was recorded names this note: it is kept from then on, though nothing may be typed in it.
    if (recorded.length === 0 || isKept.current) return;
    isKept.current = true;
    draft.put(note);
  }, [recorded.length, draft, note]);
  const takeIn = (next: ConsultationNote) => {
    change(next);
    const [line] = next.taken?.at(-1)?.lines ?? [];
    const [box] = next.boxes;
    if (line !== undefined) wanted.current = `[data-note-line="${line}"]`;
    else wanted.current = box === undefined ? '[data-note-line]' : `[data-observation="${box}"]`;
  };
  const today = localInstant();
  const changed = useChangedSince(record.patientId, note.seenUpTo, (seen) => {
    setNote((current) => ({ ...current, seenUpTo: seen }));
  });
  const withAdult = needsAccompanyingAdult(record.patient.birthDate, today);
  const [adult] = useState(() => newCompanion('accompanied'));
  const companions = note.companions ?? (withAdult ? [adult] : []);
  const taken = useNoteObservations(note, record);
  const { patient, set, bmi } = taken;
  const news2 = taken.news2?.result ?? null;
  const { boxes } = note;
  const user = useSignedInUser();
  const { settings } = usePractice();
  const signing = useSign({
    note,
    taken,
    recorded,
    record,
    draftId,
    groupId: identity.groupId,
    flush: draft.flush,
    onSigned: onClose,
  });
  useCommand({
    id: 'consultation.sign',
    title: 'Review and sign the consultation',
    keys: 'Ctrl+Enter',
    group: 'Consultation',
    run: () => {
      setReviewing(true);
    },
  });
  const warnings = [
    ...(news2 ? calledFor(news2) : []),
    ...set.alarms.map((words) => ({ words, tone: 'danger' as const })),
    ...set.open.map(({ words }) => ({ words, tone: 'amber' as const })),
    ...(withAdult && !companions.some(isNamed)
      ? [{ words: 'A child: no accompanying adult is recorded.', tone: 'amber' as const }]
      : []),
  ];
  const changeState = (observations: SetState) => {
    change({ ...note, observations });
  };
  const { standing } = record;
  const asked = asksPregnancy(patient.ageYears, standing.sex) || standing.pregnancy !== null;
  const pregnancy = asked ? (
    <PregnancyQuestion
      state={note.observations}
      recorded={standing.pregnancy}
      inForce={pregnancyInForce(note.observations, patient.ageYears, standing, today)}
      today={today}
      onState={changeState}
    />
  ) : null;
  // Of a child it is asked before anything else.
  const whoCame = (
    <CompanionRows
      companions={companions}
      child={withAdult}
      onChange={(next) => {
        change({ ...note, companions: next });
      }}
    />
  );
  return (
    <div
      className="pane consultation"
      onFocus={({ target }) => {
        const line = target.dataset['noteLine'];
        if (line !== undefined) lastLine.set(note.encounterId, line);
      }}
    >
      <header className="pane-head">
        <h2>Consultation</h2>
        <Button keys="Esc" title="The draft is kept" onClick={onClose}>
          Close
        </Button>
        <select
          className="box"
          aria-label="Type of consultation"
          value={note.type}
          onChange={(event) => {
            change({ ...note, type: event.target.value as ConsultationType });
          }}
        >
          {CONSULTATION_TYPES.map((type) => (
            <option key={type}>{type}</option>
          ))}
        </select>
        <select
          className="box"
          aria-label="Problem that this consultation is about"
          value={note.about?.key ?? ''}
          onChange={(event) => {
            const problem = record.summary.problems.find((one) => one.source.key === event.target.value);
            change({
              ...note,
              about: problem ? { key: problem.source.key, title: problem.coded.text } : null,
            });
          }}
        >
          <option value="">About: no problem linked</option>
          {record.summary.problems.map((problem) => (
            <option key={problem.source.key} value={problem.source.key}>
              About: {problem.coded.text}
            </option>
          ))}
        </select>
        <TemplatePicker
          onTake={(template) => {
            takeIn(withTemplate(note, template, newId));
          }}
        />
        <SetPicker
          onTake={(chosen) => {
            takeIn(withSet(note, chosen));
          }}
        />
      </header>
      <div className="pane-body">
        {children}
        {resumed ? (
          <Notice>Your draft of {displayDateTime(resumed.startedAt)} is open again, as you left it.</Notice>
        ) : null}
        {withAdult ? whoCame : null}
        <TakenLast
          taken={note.taken ?? []}
          onBack={() => {
            wanted.current = '[data-note-line]';
            change(withoutLast(note, newId));
          }}
        />
        <UsedTemplates used={note.templates ?? []} ageYears={patient.ageYears} />
        <NoteEditor
          note={note}
          startAt={lastLine.get(note.encounterId)}
          beside={(line) => <LineAllergies line={line} record={record} />}
          onChange={change}
        />
        {note.news2 ? <SwitchedOffNotice target="rule:news2" name="NEWS2" /> : null}
        <CircumstanceRow
          value={note.chosen ?? {}}
          onChange={(chosen) => {
            change({ ...note, chosen });
          }}
        />
        {withAdult ? null : whoCame}
        <Recorded recorded={recorded} />
        {note.reminders.map((reminder) => (
          <Notice key={reminder} tone="amber">
            {reminder}
          </Notice>
        ))}
        {Object.entries(note.questionnaires).map(([name, answers]) => (
          <Questionnaire
            key={name}
            name={name as QuestionnaireKey}
            answers={answers}
            onAnswers={(next) => {
              change({ ...note, questionnaires: { ...note.questionnaires, [name]: next } });
            }}
          />
        ))}
        {news2 ? (
          <News2Panel result={news2}>
            {news2.kind === 'not-applicable' ? null : (
              <ScaleChoice
                state={note.observations}
                recorded={record.standing.spo2Scale}
                author={user.name}
                onState={changeState}
              />
            )}
            {pregnancy}
          </News2Panel>
        ) : null}
        {set.alarms.map((alarm) => (
          <Notice key={alarm} tone="danger" role="alert">
            {alarm}
          </Notice>
        ))}
        {boxes.length > 0 ? (
          <InlineObservations
            note={note}
            boxes={boxes}
            patient={patient}
            record={record}
            onState={changeState}
          />
        ) : null}
        {boxes.includes('weight') ? <SwitchedOffNotice target="rule:bmi" name="Body mass index" /> : null}
        {bmi ? <BmiLine bmi={bmi} /> : null}
        {bmi && !news2 ? pregnancy : null}
        <details>
          <summary>Capacity, interpreter, who else was there; sensitive; written up later</summary>
          <div className="stack">
            <label className="field">
              <span className="field-label">Circumstances</span>
              <input
                className="box"
                value={note.circumstances}
                onChange={(event) => {
                  change({ ...note, circumstances: event.target.value });
                }}
              />
            </label>
            {(['not-for-online-viewing', 'third-party'] as const).map((mark) => (
              <label key={mark} className="row">
                <input
                  type="checkbox"
                  checked={note.sensitive.includes(mark)}
                  onChange={(event) => {
                    change({
                      ...note,
                      sensitive: event.target.checked
                        ? [...note.sensitive, mark]
                        : note.sensitive.filter((one) => one !== mark),
                    });
                  }}
                />
                {mark === 'third-party' ? 'Holds third-party information' : 'Not for online viewing'}
              </label>
            ))}
            <DateField
              label="Happened on (only if written up later)"
              value={note.happenedOn ?? ''}
              future={false}
              onChange={(date) => {
                change({ ...note, happenedOn: date === '' ? null : date });
              }}
            />
          </div>
        </details>
      </div>
      <footer className="pane-foot">
        <DraftLine draft={draft} />
        <GiveUpDraft
          name="note"
          group="Consultation"
          whose={whose}
          draftId={draftId}
          draft={draft}
          isResumed={resumed !== null}
          words={noteInWords(note, settings)}
          stays={staysInWords(recorded)}
          onGivenUp={onClose}
        />
        <span className="grow" />
        <Button
          tone="primary"
          keys="Ctrl+Enter"
          onClick={() => {
            setReviewing(true);
          }}
        >
          Review and sign
        </Button>
      </footer>
      {reviewing ? (
        <Review
          note={note}
          taken={taken}
          recorded={recorded}
          warnings={warnings}
          record={record}
          changed={changed}
          whose={whose}
          error={signing.error}
          busy={signing.busy}
          onSign={() => void signing.sign()}
          onClose={() => {
            setReviewing(false);
          }}
        />
      ) : null}
    </div>
  );
}
