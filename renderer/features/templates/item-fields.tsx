import { CHOICE_DEFINITIONS, NUMBER_DEFINITIONS } from '../../../domain/clinical/observation-definitions.ts';
import type { ObservationKey } from '../../../domain/clinical/observation-definitions.ts';
import { QUESTIONNAIRES, type QuestionnaireKey } from '../../../domain/clinical/questionnaire-scores.ts';
import { putChoice } from '../../../domain/clinical/template-editing.ts';
import { observationLabel, type TemplateItem } from '../../../domain/clinical/template.ts';
import { Button, SelectField, TextField } from '../../ui/index.ts';

type FaultOf = (field: string) => string | undefined;

const OBSERVATIONS = [
  'bloodPressure',
  ...Object.keys(NUMBER_DEFINITIONS),
  ...Object.keys(CHOICE_DEFINITIONS),
  'news2',
] as readonly ObservationKey[];

const CONTEXTS = [
  { value: 'diagnosis', label: 'Diagnosis' },
  { value: 'symptom', label: 'Symptom or finding' },
  { value: 'procedure', label: 'Procedure' },
  { value: 'family-history', label: 'Family history' },
];

/** The boxes of one item, by its kind. @param faultOf words for a field that is not in the agreed form */
export function ItemFields({
  item,
  faultOf,
  onChange,
}: {
  readonly item: TemplateItem;
  readonly faultOf: FaultOf;
  readonly onChange: (item: TemplateItem) => void;
}) {
  const text = (label: string, name: string, value: string, change: (value: string) => TemplateItem) => (
    <TextField
      label={label}
      value={value}
      error={faultOf(name)}
      onChange={(event) => {
        onChange(change(event.target.value));
      }}
    />
  );
  switch (item.kind) {
    case 'text':
      return (
        <div className="field-pair">
          {text('What is asked', 'label', item.label, (label) => ({ ...item, label }))}
          {text('Hint in the box', 'prompt', item.prompt ?? '', (prompt) => ({ ...item, prompt }))}
        </div>
      );
    case 'follow-up':
      return (
        <div className="field-pair">
          {text('What is asked', 'label', item.label, (label) => ({ ...item, label }))}
          {text('Suggested, for example 2/52', 'suggestion', item.suggestion ?? '', (suggestion) => ({
            ...item,
            suggestion,
          }))}
        </div>
      );
    case 'phrase':
      return (
        <div className="field-pair">
          {text('What is asked', 'label', item.label, (label) => ({ ...item, label }))}
          {text('Words that one press adds', 'words', item.words, (words) => ({ ...item, words }))}
        </div>
      );
    case 'reminder':
      return text('Reminder on the screen', 'words', item.words, (words) => ({ ...item, words }));
    case 'term':
      return (
        <div className="field-pair">
          {text('What is asked', 'label', item.label, (label) => ({ ...item, label }))}
          <SelectField
            label="Terms are looked for as"
            value={item.context}
            error={faultOf('context')}
            choices={CONTEXTS}
            onChange={(event) => {
              onChange({ ...item, context: event.target.value as typeof item.context });
            }}
          />
        </div>
      );
    case 'questionnaire':
      return (
        <SelectField
          label="Questionnaire"
          value={item.questionnaire}
          error={faultOf('questionnaire')}
          choices={Object.values(QUESTIONNAIRES).map(({ key, label }) => ({ value: key, label }))}
          onChange={(event) => {
            onChange({ ...item, questionnaire: event.target.value as QuestionnaireKey });
          }}
        />
      );
    case 'observations':
      return (
        <ObservationChoice
          keys={item.keys}
          fault={faultOf('keys')}
          onChange={(keys) => {
            onChange({ ...item, keys });
          }}
        />
      );
    case 'choice':
      return <ChoiceFields item={item} faultOf={faultOf} onChange={onChange} />;
  }
}

function ObservationChoice({
  keys,
  fault,
  onChange,
}: {
  readonly keys: readonly ObservationKey[];
  readonly fault: string | undefined;
  readonly onChange: (keys: readonly ObservationKey[]) => void;
}) {
  return (
    <div className="field">
      <span className="field-label">Boxes, in the order in which they are chosen</span>
      <div className="choices" role="group" aria-label="Observations of this item">
        {OBSERVATIONS.map((key) => {
          const place = keys.indexOf(key);
          return (
            <Button
              key={key}
              aria-pressed={place >= 0}
              onClick={() => {
                onChange(place >= 0 ? keys.filter((one) => one !== key) : [...keys, key]);
              }}
            >
              {place >= 0 ? `${place + 1} ` : ''}
              {observationLabel(key)}
            </Button>
          );
        })}
      </div>
      {fault === undefined ? null : (
        <span className="field-error" role="alert">
          {fault}
        </span>
      )}
    </div>
  );
}

function ChoiceFields({
  item,
  faultOf,
  onChange,
}: {
  readonly item: Extract<TemplateItem, { readonly kind: 'choice' }>;
  readonly faultOf: FaultOf;
  readonly onChange: (item: TemplateItem) => void;
}) {
  const { choices } = item;
  return (
    <div className="stack">
      <div className="field-pair">
        <TextField
          label="What is asked"
          value={item.label}
          error={faultOf('label')}
          onChange={(event) => {
            onChange({ ...item, label: event.target.value });
          }}
        />
        <div className="row">
          <label className="row">
            <input
              type="checkbox"
              checked={item.many === true}
              onChange={(event) => {
                onChange({ ...item, many: event.target.checked });
              }}
            />
            Several may be chosen
          </label>
          <Button
            tone="plain"
            onClick={() => {
              onChange({ ...item, choices: [...choices, { label: '' }] });
            }}
          >
            Add a choice
          </Button>
        </div>
      </div>
      <ul className="template-choices">
        {choices.map((choice, at) => (
          <li key={at} className="template-choice">
            {(['label', 'code', 'alert'] as const).map((name) => (
              <TextField
                key={name}
                aria-label={`Choice ${at + 1}: ${CHOICE_WORDS[name]}`}
                label={at === 0 ? CHOICE_WORDS[name] : ''}
                value={choice[name] ?? ''}
                error={faultOf(`choices.${at}.${name}`)}
                onChange={(event) => {
                  onChange({ ...item, choices: putChoice(choices, at, { [name]: event.target.value }) });
                }}
              />
            ))}
            <Button
              tone="plain"
              aria-label={`Remove choice ${at + 1}`}
              disabled={choices.length <= 2}
              onClick={() => {
                onChange({ ...item, choices: choices.filter((_one, other) => other !== at) });
              }}
            >
              Remove
            </Button>
          </li>
        ))}
      </ul>
      {faultOf('choices') === undefined ? null : (
        <span className="field-error" role="alert">
          {faultOf('choices')}
        </span>
      )}
    </div>
  );
}

const CHOICE_WORDS = {
  label: 'Choice',
  code: 'SNOMED CT code, if any',
  alert: 'Shown at once when chosen',
} as const;
