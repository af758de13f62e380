import {
  observationLabel,
  type ConsultationTemplate,
  type TemplateItem,
} from '../../../domain/clinical/template.ts';
import { QUESTIONNAIRES } from '../../../domain/clinical/questionnaire-scores.ts';

/** A template at a glance: what stands under each heading. */
export function TemplateOutline({ template }: { readonly template: ConsultationTemplate }) {
  return (
    <dl className="template-outline">
      {template.sections.map(({ heading, items }, at) => (
        <div key={at}>
          <dt>{heading}</dt>
          <dd>
            <ul>
              {items.map((item, place) => (
                <li key={place}>{itemWords(item)}</li>
              ))}
            </ul>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function itemWords(item: TemplateItem): string {
  switch (item.kind) {
    case 'text':
      return item.prompt === undefined ? item.label : `${item.label} (${item.prompt})`;
    case 'choice':
      return `${item.label}: ${item.choices.map(({ label }) => label).join(' / ')}`;
    case 'term':
      return `${item.label} (coded term)`;
    case 'observations':
      return `Observations: ${item.keys.map(observationLabel).join(', ')}`;
    case 'questionnaire':
      return `${QUESTIONNAIRES[item.questionnaire].label} with its score`;
    case 'phrase':
      return `${item.label}: “${item.words}”`;
    case 'reminder':
      return `Reminder: ${item.words}`;
    case 'follow-up':
      return item.suggestion === undefined ? item.label : `${item.label} (${item.suggestion})`;
  }
}
