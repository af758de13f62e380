import { useState } from 'react';
import { displayDate } from '../../../domain/clinical/date-display.ts';
import {
  pregnancyHoldsUntil,
  type PregnancyAnswer,
  type RecordedPregnancy,
} from '../../../domain/clinical/pregnancy.ts';
import type { News2Patient } from '../../../domain/clinical/news2.ts';
import type { StandingFacts } from '../../../domain/record/standing-facts.ts';
import { DateField } from '../dates/index.ts';
import { Button, Notice } from '../../ui/index.ts';
import type { SetState } from './set-state.ts';

const ANSWERS: Readonly<Record<PregnancyAnswer, string>> = {
  'not-pregnant': 'Not pregnant',
  pregnant: 'Pregnant',
  'recent-birth': 'Gave birth recently',
};

/**
 * The SpO2 scale of NEWS2: 1, or 2 where a clinician recorded that hypercapnic respiratory failure is confirmed. Reached
 * by Tab only, never by Enter, and taken in two steps.
 */
export function ScaleChoice({
  state,
  recorded,
  author,
  onState,
}: {
  readonly state: SetState;
  readonly recorded: StandingFacts['spo2Scale'];
  /** Who would record a choice made now. */
  readonly author: string;
  readonly onState: (state: SetState) => void;
}) {
  const [asking, setAsking] = useState(false);
  const inForce = state.scale ?? recorded?.scale ?? 1;
  const choose = (scale: 1 | 2) => {
    setAsking(false);
    onState({ ...state, scale });
  };
  if (asking)
    return (
      <Notice tone="amber">
        <p>
          Only for <strong>confirmed hypercapnic respiratory failure</strong>, target 88 to 92%. Recorded as
          chosen by {author}; it holds until it is taken back.
        </p>
        <span className="row">
          <Button
            onClick={() => {
              choose(2);
            }}
          >
            Confirmed: record scale 2
          </Button>
          <Button
            tone="plain"
            autoFocus
            onClick={() => {
              setAsking(false);
            }}
          >
            Keep scale 1
          </Button>
        </span>
      </Notice>
    );
  return (
    <span className="row">
      <span>
        SpO2 scale <strong>{inForce}</strong>
        {inForce === 2 ? (
          <span className="quiet"> chosen by {whoseScale(state, recorded, author)}</span>
        ) : null}
      </span>
      <Button
        tone="plain"
        onClick={() => {
          if (inForce === 2) choose(1);
          else setAsking(true);
        }}
      >
        {inForce === 2 ? 'Back to scale 1' : 'Scale 2…'}
      </Button>
    </span>
  );
}

function whoseScale({ scale }: SetState, recorded: StandingFacts['spo2Scale'], author: string): string {
  if (scale === 2 || recorded === null) return `${author}, now`;
  return `${recorded.by ?? 'an author who is not recorded'}, ${displayDate(recorded.on)}`;
}

/** Pregnancy as it holds today, and the question where it holds no more. Blank: nothing new is recorded. */
export function PregnancyQuestion({
  state,
  recorded,
  inForce,
  today,
  onState,
}: {
  readonly state: SetState;
  readonly recorded: RecordedPregnancy | null;
  readonly inForce: News2Patient['pregnancy'];
  readonly today: string;
  readonly onState: (state: SetState) => void;
}) {
  const answered = state.pregnancy;
  return (
    <div className="row pregnancy">
      <label className="row">
        Pregnancy{' '}
        <select
          className="box"
          value={answered}
          onChange={(event) => {
            onState({ ...state, pregnancy: event.target.value as News2Patient['pregnancy'] });
          }}
        >
          <option value="not-asked">{inForce === 'not-asked' ? 'Not asked' : 'As recorded'}</option>
          {Object.entries(ANSWERS).map(([answer, words]) => (
            <option key={answer} value={answer}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {answered === 'pregnant' ? (
        <DateField
          label="Expected date of birth"
          value={state.due ?? ''}
          onChange={(due) => {
            onState({ ...state, due });
          }}
        />
      ) : null}
      <span className={inForce === 'not-asked' && recorded ? 'strong small' : 'quiet small'}>
        {answered === 'not-asked'
          ? recordedWords(recorded, inForce)
          : `Recorded with this set; holds until ${displayDate(
              pregnancyHoldsUntil(answered, today, (state.due ?? '') === '' ? null : (state.due ?? null)),
            )}.`}
      </span>
    </div>
  );
}

function recordedWords(recorded: RecordedPregnancy | null, inForce: News2Patient['pregnancy']): string {
  if (recorded === null) return '';
  const said = `${ANSWERS[recorded.answer]}, ${displayDate(recorded.on)}${recorded.by ? `, ${recorded.by}` : ''}`;
  return inForce === 'not-asked'
    ? `${said}: held until ${displayDate(recorded.until)}. Ask again.`
    : `${said}; holds until ${displayDate(recorded.until)}.`;
}
