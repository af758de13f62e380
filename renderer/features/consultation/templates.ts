import type { ConsultationTemplate } from '../../../domain/clinical/template.ts';
import { assertNever } from '../../../domain/result.ts';
import { boxesOf } from '../observations/index.ts';
import { emptyLine, type ConsultationNote, type LinePrompt, type NoteLine } from './note.ts';

/** The note with a template's lines after what is written already. No line is compulsory; blank ones are not signed. */
export function withTemplate(
  note: ConsultationNote,
  template: ConsultationTemplate,
  newId: () => string,
): ConsultationNote {
  const lines: NoteLine[] = [];
  const boxes = new Set(note.boxes);
  let { news2 } = note;
  const questionnaires = { ...note.questionnaires };
  const reminders = [...note.reminders];
  for (const { heading, items } of template.sections) {
    const ask = (prompt: LinePrompt) => {
      lines.push({ ...emptyLine(newId(), heading), prompt });
    };
    for (const item of items) {
      switch (item.kind) {
        case 'text':
          ask({ words: [item.label, item.prompt].filter(Boolean).join(': '), choices: [] });
          break;
        case 'term':
        case 'follow-up':
          ask({ words: item.label, choices: [] });
          break;
        case 'choice':
          ask({
            words: item.label,
            choices: item.choices.map(({ label, alert }) => ({
              words: label,
              ...(alert === undefined ? {} : { alert }),
            })),
          });
          break;
        case 'phrase':
          ask({ words: item.label, choices: [{ words: item.words }] });
          break;
        case 'observations':
          for (const key of boxesOf(item.keys)) boxes.add(key);
          news2 ||= item.keys.includes('news2');
          break;
        case 'questionnaire':
          questionnaires[item.questionnaire] ??= [];
          break;
        case 'reminder':
          if (!reminders.includes(item.words)) reminders.push(item.words);
          break;
        default:
          assertNever(item);
      }
    }
  }
  const kept = note.lines.filter((line) => line.text !== '' || line.code !== null);
  const { key, label, version } = template;
  const templates = [...(note.templates ?? []).filter((used) => used.key !== key), { key, label, version }];
  return {
    ...note,
    lines: [...kept, ...lines],
    boxes: [...boxes],
    news2,
    questionnaires,
    reminders,
    templates,
  };
}
