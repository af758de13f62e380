import {
  QUESTIONNAIRES,
  scoreQuestionnaire,
  type QuestionnaireKey,
} from '../../../domain/clinical/questionnaire-scores.ts';
import { SwitchedOffNotice, useSwitchedOff } from '../practice/index.ts';
import { Notice } from '../../ui/index.ts';

/** Items 0 to 3; incomplete gives no total; PHQ-9's item 9 above 0 alerts whatever the total. */
export function Questionnaire({
  name,
  answers,
  onAnswers,
}: {
  readonly name: QuestionnaireKey;
  readonly answers: readonly (number | null)[];
  readonly onAnswers: (answers: readonly (number | null)[]) => void;
}) {
  const { label, stem, items, answers: words } = QUESTIONNAIRES[name];
  const isOn = useSwitchedOff(`rule:${name}`) === null;
  const result = scoreQuestionnaire(name, answers);
  return (
    <fieldset className="questionnaire">
      <legend>{label}</legend>
      <p className="quiet">
        {stem} {words.map((word, value) => `${value} ${word.toLowerCase()}`).join(', ')}
      </p>
      {result.alert ? (
        <Notice tone="danger" role="alert">
          <strong>{result.alert}</strong>
        </Notice>
      ) : null}
      {items.map((item, at) => (
        <label key={item} className="questionnaire-item">
          <input
            className="box"
            inputMode="numeric"
            maxLength={1}
            value={answers[at] ?? ''}
            onChange={(event) => {
              const typed = event.target.value;
              const value = /^[0-3]$/.test(typed) ? Number(typed) : null;
              onAnswers(items.map((_item, other) => (other === at ? value : (answers[other] ?? null))));
              if (value !== null)
                event.target.closest('label')?.nextElementSibling?.querySelector('input')?.focus();
            }}
          />
          {at + 1}. {item}
        </label>
      ))}
      <SwitchedOffNotice target={`rule:${name}`} name={label} />
      {isOn ? (
        <p>
          <strong>{result.words}</strong>
        </p>
      ) : null}
    </fieldset>
  );
}
