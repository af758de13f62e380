import { useState, type ReactNode } from 'react';
import type { Draft } from '../../../contract/channels/record.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { ageInMonths, ageInYears } from '../../../domain/clinical/age.ts';
import { buildObservations } from '../../../domain/clinical/observation-resources.ts';
import { stringifyExact } from '../../../domain/fhir/exact-json.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import { SaveGuard } from '../patient-banner/index.ts';
import { SwitchedOffNotice, useSwitchedOff } from '../practice/index.ts';
import { useRecordView } from '../record/index.ts';
import {
  DraftLine,
  DraftsNotRead,
  GiveUpDraft,
  newId,
  OtherDrafts,
  SavedWords,
  useDraft,
  useOpenNote,
  useOwnDrafts,
  useSave,
} from '../saving/index.ts';
import { ErrorNotice, useSignedInUser } from '../session/index.ts';
import { Button, localInstant, Notice, Skeleton, useToaster } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { answersIn, buildAnswers, pregnancyInForce } from './answers.ts';
import { PregnancyQuestion, ScaleChoice } from './standing-answers.tsx';
import { asksPregnancy } from '../../../domain/clinical/pregnancy.ts';
import { typedInWords } from './box-words.ts';
import { BmiLine } from './bmi-line.tsx';
import { lastHeightOf } from './last-height.ts';
import { rememberManners } from './last-manners.ts';
import { LastMannersOffer } from './last-manners-offer.tsx';
import { News2Panel } from './news2-panel.tsx';
import { ObservationGrid } from './observation-grid.tsx';
import { SavedAdvice, type SavedSet } from './saved-advice.tsx';
import { bmiOf, EMPTY_SET, enteredOf, news2Of, type SetState } from './set-state.ts';
import { OBSERVATION_SETS, setOf, type BoxSet } from './sets.ts';

interface PaneContent {
  readonly set: string;
  readonly state: SetState;
}

/** A set of observations in one pass, beside the record. */
export function ObservationPane(props: {
  readonly record: RecordView;
  readonly whose: string;
  readonly onClose: () => void;
}) {
  const { open, others, error, again, choose, begin } = useOwnDrafts('observations', props.record.patientId);
  const [saved, setSaved] = useState<SavedSet | null>(null);
  if (open === undefined && error !== null) return <DraftsNotRead error={error} onAgain={again} />;
  if (open === undefined) return <Skeleton label="Looking for a draft" lines={4} />;
  return (
    <OneSet
      key={open.draftId}
      {...props}
      draftId={open.draftId}
      resumed={open.resumed}
      saved={saved}
      onSaved={(set) => {
        setSaved(set);
        begin();
      }}
      onSavedRead={() => {
        setSaved(null);
      }}
    >
      <OtherDrafts name="set of observations" others={others} onChoose={choose} />
    </OneSet>
  );
}

function OneSet({
  record,
  whose,
  draftId,
  resumed,
  saved,
  children,
  onSaved,
  onSavedRead,
  onClose,
}: {
  readonly record: RecordView;
  readonly whose: string;
  readonly draftId: string;
  readonly resumed: Draft | null;
  /** What was saved before this set, where it said more than its numbers. */
  readonly saved: SavedSet | null;
  /** What stands above the set. */
  readonly children: ReactNode;
  readonly onSaved: (saved: SavedSet) => void;
  readonly onSavedRead: () => void;
  readonly onClose: () => void;
}) {
  const user = useSignedInUser();
  const save = useSave();
  const encounterId = useOpenNote();
  const toaster = useToaster();
  const [identity] = useState(() => ({
    groupId: newId(),
    startedAt: resumed?.startedAt ?? localInstant(),
  }));
  const [content, setContent] = useState<PaneContent>(() =>
    resumed
      ? (JSON.parse(resumed.content) as PaneContent)
      : { set: saved?.set ?? 'blood-pressure', state: EMPTY_SET },
  );
  const [problem, setProblem] = useState<string | null>(null);
  const [error, setError] = useState<BridgeError | null>(null);
  const [busy, setBusy] = useState(false);
  const draft = useDraft({
    draftId,
    kind: 'observations',
    patientId: record.patientId,
    startedAt: identity.startedAt,
  });
  const rows = useRecordView(record.patientId, 'observations', null).value ?? [];
  const series = useRecordView(record.patientId, 'series', null).value ?? [];

  const today = localInstant();
  const patient = {
    ageMonths: ageInMonths(record.patient.birthDate, today),
    ageYears: ageInYears(record.patient.birthDate, today),
  };
  const { standing } = record;
  const set = setOf(content.set);
  const { entered, open, alarms } = enteredOf(set.boxes, content.state, patient);
  const news2IsOn = useSwitchedOff('rule:news2') === null;
  const bmiIsOn = useSwitchedOff('rule:bmi') === null;
  const news2 =
    set.news2 && news2IsOn ? news2Of(content.state, patient, { by: user.name, on: today, standing }) : null;
  const bmi = bmiIsOn ? bmiOf(content.state, patient, lastHeightOf(series), today, standing) : null;
  const change = (next: PaneContent) => {
    setContent(next);
    setProblem(null);
    draft.put(next);
  };

  const answers = answersIn(content.state, standing).length;
  const changeState = (state: SetState) => {
    change({ ...content, state });
  };
  const isAsked = asksPregnancy(patient.ageYears, standing.sex) || standing.pregnancy !== null;
  const question = isAsked ? (
    <PregnancyQuestion
      state={content.state}
      recorded={standing.pregnancy}
      inForce={pregnancyInForce(content.state, patient.ageYears, standing, today)}
      today={today}
      onState={changeState}
    />
  ) : null;

  const saveSet = async () => {
    if (busy) return;
    if (open.length > 0) {
      setProblem(open.map((one) => one.words).join(' '));
      document.querySelector<HTMLElement>(`[data-observation="${open[0]?.key ?? ''}"]`)?.focus();
      return;
    }
    if (entered.length === 0 && answers === 0) {
      setProblem('Nothing is entered yet.');
      return;
    }
    setBusy(true);
    const recorded = localInstant();
    const context = {
      subject: { reference: `Patient/${record.patientId}` },
      ...(encounterId === null ? {} : { encounter: { reference: `Encounter/${encounterId}` } }),
      performer: [{ reference: `Practitioner/${user.practitionerId}`, display: user.name }],
      effective: recorded,
      recorded,
      newId,
    };
    const observations = [
      ...buildObservations(
        bmi ? [...entered, { key: 'bmi', value: bmi }] : entered,
        context,
        news2 ?? undefined,
      ),
      ...buildAnswers(content.state, standing, context),
    ];
    const answer = await save({
      groupId: identity.groupId,
      patientId: record.patientId,
      draftId,
      changes: observations.map((observation) => ({
        kind: 'append',
        resource: `Observation/${observation.id ?? ''}`,
        after: stringifyExact(observation),
      })),
    });
    setBusy(false);
    if (!answer.ok) {
      setError(answer.error);
      return;
    }
    draft.ended();
    rememberManners(user.practitionerId, content.state, entered);
    toaster.tell(<SavedWords answer={answer.value} />);
    onSaved({ set: set.id, at: recorded, news2: news2?.result ?? null, alarms });
  };
  useCommand({
    id: 'observations.save',
    title: 'Save the observations',
    keys: 'Ctrl+Enter',
    group: 'Observations',
    run: () => void saveSet(),
  });
  return (
    <div className="pane">
      <header className="pane-head">
        <h2>Observations</h2>
        <Button keys="Esc" title="The draft is kept" onClick={onClose}>
          Close
        </Button>
        <div className="choices set-choices" role="group" aria-label="Which set">
          {OBSERVATION_SETS.map((one, index) => (
            <SetChoice
              key={one.id}
              set={one}
              digit={index + 1}
              pressed={one.id === set.id}
              onChoose={() => {
                change({ ...content, set: one.id });
              }}
            />
          ))}
        </div>
      </header>
      <div className="pane-body">
        {children}
        {saved ? <SavedAdvice saved={saved} onRead={onSavedRead} /> : null}
        {set.news2 ? <SwitchedOffNotice target="rule:news2" name="NEWS2" /> : null}
        {news2 ? (
          <News2Panel result={news2.result}>
            {news2.result.kind === 'not-applicable' ? null : (
              <ScaleChoice
                state={content.state}
                recorded={standing.spo2Scale}
                author={user.name}
                onState={changeState}
              />
            )}
            {question}
          </News2Panel>
        ) : null}
        {alarms.map((alarm) => (
          <Notice key={alarm} tone="danger" role="alert">
            {alarm}
          </Notice>
        ))}
        <LastMannersOffer
          user={user.practitionerId}
          boxes={set.boxes}
          state={content.state}
          onState={changeState}
        />
        <ObservationGrid
          key={set.id}
          focusFirst
          boxes={set.boxes}
          state={content.state}
          patient={patient}
          rows={rows}
          series={series}
          onState={changeState}
          onDone={() => {
            document.querySelector<HTMLElement>('[data-save-observations]')?.focus();
          }}
        />
        {set.boxes.includes('weight') ? <SwitchedOffNotice target="rule:bmi" name="Body mass index" /> : null}
        {bmi ? <BmiLine bmi={bmi} /> : null}
        {bmi && !news2 ? question : null}
        {problem ? (
          <Notice tone="amber" role="alert">
            Not saved yet. {problem}
          </Notice>
        ) : null}
        <SaveGuard />
        <ErrorNotice error={error} />
      </div>
      <footer className="pane-foot">
        <DraftLine draft={draft} />
        <GiveUpDraft
          name="set"
          group="Observations"
          whose={whose}
          draftId={draftId}
          draft={draft}
          isResumed={resumed !== null}
          words={typedInWords(content.state)}
          onGivenUp={onClose}
        />
        <span className="grow" />
        <Button
          tone="primary"
          keys="Ctrl+Enter"
          data-save-observations
          disabled={busy}
          onClick={() => void saveSet()}
        >
          {busy ? 'Saving…' : `Save ${entered.length + answers} for ${whose}`}
        </Button>
      </footer>
    </div>
  );
}

function SetChoice({
  set,
  digit,
  pressed,
  onChoose,
}: {
  readonly set: BoxSet;
  readonly digit: number;
  readonly pressed: boolean;
  readonly onChoose: () => void;
}) {
  useCommand({
    id: `observations.set.${set.id}`,
    title: `Set: ${set.title}`,
    keys: `Ctrl+${digit}`,
    group: 'Observations',
    run: onChoose,
  });
  return (
    <Button aria-pressed={pressed} onClick={onChoose}>
      {set.title} <kbd aria-hidden="true">Ctrl+{digit}</kbd>
    </Button>
  );
}
