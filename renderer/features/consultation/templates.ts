import type { ConsultationTemplate } from '../../../domain/clinical/template.ts';
import { assertNever } from '../../../domain/result.ts';
import type { QuestionnaireKey } from '../../../domain/clinical/questionnaire-scores.ts';
import { boxesOf, type BoxKey, type BoxSet } from '../observations/index.ts';
import {
  emptyLine,
  hasWords,
  type ConsultationNote,
  type LinePrompt,
  type NoteLine,
  type Taken,
} from './note.ts';

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
  const { key, label, version } = template;
  const again = note.templates?.some((used) => used.key === key) === true;
  // An empty line asks nothing; a question of another template stays, one of this template is asked anew.
  const kept = note.lines.filter((line) => hasWords(line) || (line.prompt !== undefined && !again));
  const templates = [...(note.templates ?? []).filter((used) => used.key !== key), { key, label, version }];
  return {
    ...note,
    lines: [...kept, ...lines],
    boxes: [...boxes],
    news2,
    questionnaires,
    reminders,
    templates,
    taken: [
      ...(note.taken ?? []),
      {
        label,
        lines: lines.map(({ id }) => id),
        questionnaires: added(questionnaires, note.questionnaires),
        before: standing(note),
      },
    ],
  };
}

/** The note with a set of observations, or with none; a box in which something was typed stays. */
export function withSet(note: ConsultationNote, set: BoxSet | null): ConsultationNote {
  const boxes = set?.boxes ?? [];
  const typed = note.boxes.filter((key) => isTyped(note, key) && !boxes.includes(key));
  return {
    ...note,
    boxes: [...boxes, ...typed],
    news2: set?.news2 === true || (typed.length > 0 && note.news2),
    taken: [
      ...(note.taken ?? []),
      { label: set?.title ?? 'No observations', lines: [], questionnaires: [], before: standing(note) },
    ],
  };
}

/**
 * The note without the template or set that was taken last: its empty lines, boxes and unanswered questionnaires go, and
 * its name where nothing of it was used. Words, values and answers stay.
 */
export function withoutLast(note: ConsultationNote, newId: () => string): ConsultationNote {
  const last = note.taken?.at(-1);
  if (!last) return note;
  const { before } = last;
  const isAnswered = (name: QuestionnaireKey) =>
    note.questionnaires[name]?.some((answer) => answer !== null) === true;
  const typed = note.boxes.filter((key) => isTyped(note, key) && !before.boxes.includes(key));
  const isUsed =
    typed.length > 0 ||
    last.questionnaires.some(isAnswered) ||
    note.lines.some((line) => last.lines.includes(line.id) && hasWords(line));
  const lines = note.lines.filter((line) => hasWords(line) || !last.lines.includes(line.id));
  return {
    ...note,
    lines: lines.length > 0 ? lines : [emptyLine(newId(), 'History')],
    boxes: [...before.boxes, ...typed],
    news2: before.news2 || (typed.length > 0 && note.news2),
    questionnaires: Object.fromEntries(
      Object.entries(note.questionnaires).filter(
        ([name]) =>
          !last.questionnaires.includes(name as QuestionnaireKey) || isAnswered(name as QuestionnaireKey),
      ),
    ),
    ...(isUsed ? {} : { reminders: before.reminders, templates: before.templates }),
    taken: (note.taken ?? []).slice(0, -1),
  };
}

function standing({ boxes, news2, reminders, templates }: ConsultationNote): Taken['before'] {
  return { boxes, news2, reminders, templates: templates ?? [] };
}

function added(
  now: ConsultationNote['questionnaires'],
  before: ConsultationNote['questionnaires'],
): readonly QuestionnaireKey[] {
  return (Object.keys(now) as QuestionnaireKey[]).filter((name) => before[name] === undefined);
}

function isTyped(note: ConsultationNote, key: BoxKey): boolean {
  return (note.observations.texts[key] ?? '').trim() !== '';
}
