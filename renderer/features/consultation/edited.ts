import type { Observation } from '@medplum/fhirtypes';
import type { EditedConsultation, EditedHeading, EditedLine } from '../../../domain/record/consultation.ts';
import { companionWords, isNamed } from '../../../domain/record/companion.ts';
import { circumstanceEntries } from '../../../domain/record/circumstance-entry.ts';
import type { EditedEntry } from '../../../domain/record/coded-entry.ts';
import { newTask } from '../../../domain/record/task-edit.ts';
import type { ConsultationHeading } from '../../../domain/clinical/consultation-headings.ts';
import type { EntryView } from '../../../domain/record/record-view.ts';
import type { EditContext, RecordEdit } from '../../../domain/record/record-edit.ts';
import { conceptText } from '../../../domain/fhir/codeable-concept.ts';
import { readFollowUp, type FollowUp } from '../../../domain/clinical/follow-up-phrase.ts';
import {
  QUESTIONNAIRES,
  scoreQuestionnaire,
  type QuestionnaireKey,
} from '../../../domain/clinical/questionnaire-scores.ts';
import { switchedOffWords, type PracticeSettings } from '../../../domain/record/practice-setting.ts';
import { hasWords, wordsOf, type ConsultationNote, type NoteLine } from './note.ts';

/** Under which heading stands what was recorded while the note was written; tasks stand in no consultation. */
const RECORDED_UNDER: Readonly<Record<string, ConsultationHeading | undefined>> = {
  AllergyIntolerance: 'Allergy',
  Condition: 'Problem',
  MedicationAdministration: 'Medication',
  MedicationStatement: 'Medication',
  Observation: 'Examination',
};

/** The note as domain/record signs it: one topic, its headings in the order in which they were used. */
export function editedConsultation(
  note: ConsultationNote,
  observations: readonly Observation[],
  settings: Pick<PracticeSettings, 'switchedOff'>,
  newId: () => string,
  recorded: readonly EntryView[] = [],
): EditedConsultation {
  const headings: { heading: string; lines: EditedLine[] }[] = [];
  const put = (heading: string, line: EditedLine) => {
    const last = headings.at(-1);
    if (last?.heading === heading) last.lines.push(line);
    else headings.push({ heading, lines: [line] });
  };
  for (const line of note.lines.filter(hasWords)) put(line.heading, editedLine(line, newId));
  for (const entry of circumstanceEntries(note.chosen ?? {}, newId))
    put('Examination', { kind: 'coded', entry });
  for (const observation of observations) {
    put('Examination', {
      kind: 'existing',
      reference: `Observation/${observation.id ?? ''}`,
      display: conceptText(observation.code) ?? '',
    });
  }
  for (const entry of recorded) {
    const heading = RECORDED_UNDER[entry.resourceType];
    if (heading !== undefined)
      put(heading, { kind: 'existing', reference: entry.source.key, display: entry.text });
  }
  for (const text of questionnaireLines(note, settings)) put('Result', { kind: 'text', text });
  return {
    type: note.type,
    started: note.happenedOn ?? note.startedAt,
    ...(note.happenedOn === null ? {} : { ended: note.happenedOn, recordedHow: 'late-entry' as const }),
    // In words as well: a reader that does not know the participants still reads who was there.
    circumstances: [
      ...(note.companions ?? []).filter(isNamed).map(companionWords),
      note.circumstances.trim(),
    ].flatMap((text) => (text === '' ? [] : [{ kind: 'present' as const, text }])),
    ...(note.companions === undefined ? {} : { companions: note.companions }),
    ...(note.templates === undefined ? {} : { templates: note.templates }),
    sensitive: note.sensitive,
    topics: [{ ...topicOf(note), headings: headings satisfies readonly EditedHeading[] }],
  };
}

function topicOf(note: ConsultationNote): { readonly title: string; readonly problem?: string } {
  if (note.about) return { title: note.about.title, problem: note.about.key };
  const problem = note.lines.find((line) => line.problem !== 'no' && line.code !== null);
  return { title: problem?.code?.term ?? '' };
}

function editedLine(line: NoteLine, newId: () => string): EditedLine {
  const { code } = line;
  const text = wordsOf(line);
  if (!code) return { kind: 'text', text };
  const entry: EditedEntry = {
    id: newId(),
    concept: { text: code.term, code: code.code, display: code.term },
    ...(text === '' ? {} : { text }),
    as: kindOf(line),
    ...(line.episode === null ? {} : { episode: line.episode }),
    ...(line.meaning === 'suspected' ? { certainty: 'suspected' as const } : {}),
    ...(line.problem === 'no'
      ? {}
      : {
          problem: {
            significance: line.problem,
            status: line.meaning === 'past' ? ('past' as const) : ('active' as const),
          },
        }),
  };
  return { kind: 'coded', entry };
}

function kindOf(line: NoteLine): EditedEntry['as'] {
  if (line.meaning === 'family') return 'family-history';
  if (line.problem !== 'no') return 'problem';
  if (line.code?.kind === 'procedure' && line.heading === 'Procedure') return 'procedure';
  return line.code?.kind === 'disorder' && line.meaning !== 'past' ? 'diagnosis' : 'finding';
}

/** A follow-up phrase (`2/52`, `6m`, `tomorrow`) anywhere in a line of Plan or Follow up. @param today `YYYY-MM-DD` */
export function followUpOf(line: NoteLine, today: string): FollowUp | null {
  if (line.heading !== 'Follow up' && line.heading !== 'Plan') return null;
  const phrases = line.text.match(/\b(?:\d{1,3}\s*\/\s*(?:7|52|12)|\d{1,3}\s*[dwmy]|tomorrow)\b/gi) ?? [];
  return phrases.map((phrase) => readFollowUp(phrase, today)).find((found) => found !== null) ?? null;
}

/** Each follow-up is a task for the author with its day. */
export function followUpTasks(note: ConsultationNote, context: EditContext): readonly RecordEdit[] {
  return note.lines.flatMap((line) => {
    const followUp = followUpOf(line, context.recorded.slice(0, 10));
    if (followUp === null) return [];
    return [
      newTask(
        {
          id: context.newId(),
          text: `Follow up: ${wordsOf(line)}`,
          kind: 'follow-up',
          priority: 'routine',
          due: followUp.date,
          owner: context.author,
        },
        context,
      ),
    ];
  });
}

/**
 * Questionnaires as lines of the result: total with its band, or what is missing, and the alert. Of a score that is
 * switched off only the answers, with the reason why there is no total; the alert of an answer stays.
 */
export function questionnaireLines(
  note: ConsultationNote,
  settings: Pick<PracticeSettings, 'switchedOff'>,
): readonly string[] {
  return Object.entries(note.questionnaires).flatMap(([name, answers]) => {
    if (answers.every((answer) => answer === null)) return [];
    const key = name as QuestionnaireKey;
    const { words, alert } = scoreQuestionnaire(key, answers);
    const off = switchedOffWords(settings, `rule:${key}`);
    const result = off === null ? words : `${QUESTIONNAIRES[key].label} without a total. ${off}`;
    const items = answers.map((answer, at) => `${at + 1}: ${answer ?? 'not answered'}`).join(', ');
    return [`${result} (items ${items})${alert === null ? '' : `. ${alert}`}`];
  });
}
