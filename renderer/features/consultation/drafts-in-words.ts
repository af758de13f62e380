/** What is being written and not yet signed, in words for paper: nothing of it has to be typed a second time. */
import type { Draft } from '../../../contract/channels/record.ts';
import { circumstanceEntries } from '../../../domain/record/circumstance-entry.ts';
import { companionWords, isNamed } from '../../../domain/record/companion.ts';
import type { HandoverDraft } from '../../../domain/record/handover-draft.ts';
import type { PracticeSettings } from '../../../domain/record/practice-setting.ts';
import { EMPTY_SET, setOf, typedInWords, type SetState } from '../observations/index.ts';
import { questionnaireLines } from './edited.ts';
import { meantWords } from './meant-words.ts';
import { resumedNote } from './new-note.ts';
import { hasWords, wordsOf, type ConsultationNote, type NoteLine } from './note.ts';
import { observationsInWords } from './to-write.ts';
import { noteObservations, type NoteBoxes, type ObservationFacts } from './use-note-observations.ts';

/** What a draft of an open record is read with. */
export interface DraftFacts extends ObservationFacts {
  readonly settings: Pick<PracticeSettings, 'switchedOff'>;
}

/** Drafts of consultations and of observations; those of other kinds hold no account of a visit. */
export function draftsInWords(drafts: readonly Draft[], facts: DraftFacts): readonly HandoverDraft[] {
  return drafts.flatMap((draft): readonly HandoverDraft[] => {
    if (draft.patientId !== facts.patientId) return [];
    const { kind, startedAt, changedAt } = draft;
    if (kind !== 'consultation' && kind !== 'observations') return [];
    const common = { kind, startedAt, changedAt };
    try {
      return [{ ...common, ...(kind === 'consultation' ? ofNote(draft, facts) : ofSet(draft, facts)) }];
    } catch {
      // Of another build, or damaged: that it is there is still told.
      const type = kind === 'consultation' ? 'Consultation' : 'Observations';
      return [{ ...common, ...NO_WORDS, type, unreadable: true }];
    }
  });
}

const NO_WORDS = {
  sensitive: false,
  circumstances: [],
  headings: [],
  observations: [],
  open: [],
} as const;

type Words = Omit<HandoverDraft, 'kind' | 'startedAt' | 'changedAt'>;

function ofNote({ content }: Draft, facts: DraftFacts): Words {
  const note = resumedNote(content);
  const results = questionnaireLines(note, facts.settings);
  return {
    type: note.type,
    sensitive: note.sensitive.length > 0,
    circumstances: circumstancesOf(note),
    headings: [
      ...headingsOf(note.lines),
      ...(results.length > 0 ? [{ title: 'Result', lines: results }] : []),
    ],
    ...valuesOf(note, facts),
  };
}

/** A set in its own pane: `{ set, state }` as the observations keep it. */
function ofSet({ content }: Draft, facts: DraftFacts): Words {
  const { set, state } = JSON.parse(content) as { readonly set: string; readonly state: SetState };
  const { boxes, news2, title } = setOf(set);
  const entered = {
    boxes,
    news2,
    observations: { ...EMPTY_SET, ...state },
    encounterId: '',
    happenedOn: null,
  };
  return { ...NO_WORDS, type: title, ...valuesOf(entered, facts) };
}

/** Everything that stands in a note, line by line, as it was typed. */
export function noteInWords(note: ConsultationNote, settings: DraftFacts['settings']): readonly string[] {
  return [
    ...headingsOf(note.lines).flatMap(({ title, lines }) => lines.map((words) => `${title}: ${words}`)),
    ...circumstancesOf(note),
    ...typedInWords(note.observations),
    ...questionnaireLines(note, settings),
  ];
}

function valuesOf(boxes: NoteBoxes, facts: DraftFacts): Pick<Words, 'observations' | 'open'> {
  const { set, news2, build } = noteObservations(boxes, facts);
  return {
    observations: observationsInWords(build(facts.today), news2?.result ?? null).map(({ name, value }) => ({
      label: name,
      value,
    })),
    open: set.open.map(({ words }) => words),
  };
}

function circumstancesOf(note: ConsultationNote): readonly string[] {
  return [
    ...(note.about === null ? [] : [`About: ${note.about.title}`]),
    ...(note.companions ?? []).filter(isNamed).map(companionWords),
    ...circumstanceEntries(note.chosen ?? {}, () => '').map(({ concept, text }) =>
      text === undefined ? concept.text : `${concept.text}, ${text}`,
    ),
    ...(note.circumstances.trim() === '' ? [] : [note.circumstances.trim()]),
  ];
}

function headingsOf(lines: readonly NoteLine[]): HandoverDraft['headings'] {
  const headings: { title: string; lines: string[] }[] = [];
  for (const line of lines.filter(hasWords)) {
    const last = headings.at(-1);
    if (last?.title === line.heading) last.lines.push(lineWords(line));
    else headings.push({ title: line.heading, lines: [lineWords(line)] });
  }
  return headings;
}

/** The code as it is meant, then the words as typed. */
function lineWords(line: NoteLine): string {
  const { code, meaning, episode } = line;
  const said = wordsOf(line);
  if (code === null) return said;
  const coded = `${meantWords(meaning, code.term)}${episode === null ? '' : `, ${episode}`}`;
  return said === '' ? coded : `${coded}: ${said}`;
}
