/** What signing will write, in words: the review lists it, and nothing that it does not list is written. */
import type { Observation } from '@medplum/fhirtypes';
import { isNews2Total } from '../../../domain/clinical/news2-codes.ts';
import type { News2Result } from '../../../domain/clinical/news2.ts';
import { displayDateWithWeekday } from '../../../domain/clinical/date-display.ts';
import { conceptText, snomedCodes } from '../../../domain/fhir/codeable-concept.ts';
import type { EntryView } from '../../../domain/record/record-view.ts';
import { observationText, valueText } from '../../../domain/record/observation-value.ts';
import { news2Words } from '../observations/index.ts';
import { followUpOf } from './edited.ts';
import { meantWords } from './meant-words.ts';
import { wordsOf, type ConsultationNote } from './note.ts';

/** One entry of the review: what it is, and its value with unit. */
export interface WrittenEntry {
  readonly key: string;
  readonly name: string;
  readonly value: string;
}

/** Each observation with its value and unit; NEWS2 with its band in words. */
export function observationsInWords(
  observations: readonly Observation[],
  news2: News2Result | null,
): readonly WrittenEntry[] {
  return observations.map((observation, at) => {
    const isScore = snomedCodes(observation.code).some(isNews2Total);
    const score = isScore && news2 !== null ? news2Words(news2) : null;
    return score === null
      ? {
          key: String(at),
          name: conceptText(observation.code) ?? 'Observation',
          value: observationText(observation) ?? partsInWords(observation),
        }
      : { key: String(at), name: score, value: '' };
  });
}

/** What says all in its name, as air does, has no value; oxygen has its flow and device. */
function partsInWords({ component }: Observation): string {
  return (component ?? []).map((part) => valueText(part) ?? '').join(', ');
}

/** What was recorded meanwhile, each with its value. */
export function recordedInWords(recorded: readonly EntryView[]): readonly WrittenEntry[] {
  return recorded.map(({ source, category, text, value }) => ({
    key: source.key,
    name: `${category}: ${text}`,
    value: value ?? '',
  }));
}

/** The tasks that follow-up phrases make. @param today `YYYY-MM-DD` */
export function tasksInWords(note: ConsultationNote, today: string): readonly WrittenEntry[] {
  return note.lines.flatMap((line) => {
    const followUp = followUpOf(line, today);
    if (followUp === null) return [];
    const due = displayDateWithWeekday(followUp.date);
    return [{ key: line.id, name: wordsOf(line), value: `due ${due} (${followUp.words})` }];
  });
}

/** What goes to the problem list, with its significance. */
export function problemsInWords(note: ConsultationNote): readonly WrittenEntry[] {
  return codedLines(note).flatMap(({ id, code, meaning, problem }) =>
    problem === 'no'
      ? []
      : [
          {
            key: id,
            name: meantWords(meaning === 'past' ? 'present' : meaning, code.term),
            value: `${problem} problem, ${meaning === 'past' ? 'past' : 'active'}`,
          },
        ],
  );
}

/** Conditions that are coded and do not go there: said before signing, because a problem list is what others read. */
export function notOnProblemList(note: ConsultationNote): readonly WrittenEntry[] {
  return codedLines(note).flatMap(({ id, code, meaning, problem }) =>
    problem === 'no' && code.kind === 'disorder' && (meaning === 'present' || meaning === 'suspected')
      ? [{ key: id, name: meantWords(meaning, code.term), value: '' }]
      : [],
  );
}

function codedLines(note: ConsultationNote) {
  return note.lines.flatMap((line) => (line.code === null ? [] : [{ ...line, code: line.code }]));
}
