/** A consultation being written: one flowing note of lines, each under a heading. Kept whole in the draft. */
import type { ConsultationHeading } from '../../../domain/clinical/consultation-headings.ts';
import type { Circumstances } from '../../../domain/record/circumstance-entry.ts';
import type { Companion } from '../../../domain/record/companion.ts';
import type { ConsultationType } from '../../../domain/record/consultation.ts';
import type { TemplateUsed } from '../../../domain/record/template-used.ts';
import type { QuestionnaireKey } from '../../../domain/clinical/questionnaire-scores.ts';
import type { BoxKey, SetState } from '../observations/index.ts';

/** How a coded line is meant; none of these is ever assumed. */
export type Meaning = 'present' | 'past' | 'suspected' | 'family';

export interface LineCode {
  readonly code: string;
  readonly term: string;
  readonly kind: string;
}

/** What a template asks in a line; choices are words that one press adds. */
export interface LinePrompt {
  readonly words: string;
  readonly choices: readonly { readonly words: string; readonly alert?: string }[];
}

export interface NoteLine {
  readonly id: string;
  readonly heading: ConsultationHeading;
  /** As typed; stands beside the code, never replaced by it. */
  readonly text: string;
  readonly code: LineCode | null;
  readonly meaning: Meaning;
  /** A problem is a flag on a coded entry. */
  readonly problem: 'no' | 'minor' | 'significant';
  readonly episode: 'new' | 'ongoing' | null;
  readonly prompt?: LinePrompt;
}

export interface ConsultationNote {
  readonly encounterId: string;
  /** Its Encounters before it was reopened: what was recorded meanwhile names them. */
  readonly earlier?: readonly string[];
  readonly type: ConsultationType;
  readonly startedAt: string;
  /** FHIR date where it is written up later than it happened; `null`: now. */
  readonly happenedOn: string | null;
  /** A known problem that this consultation is about. */
  readonly about: { readonly key: string; readonly title: string } | null;
  readonly circumstances: string;
  /** Chaperone and consent, as chosen. */
  readonly chosen?: Circumstances;
  /** Who came along, who told the history. */
  readonly companions?: readonly Companion[];
  /** How far the record reached that was seen when the note was begun; absent until that is known. */
  readonly seenUpTo?: string | null;
  readonly sensitive: readonly ('not-for-online-viewing' | 'third-party')[];
  readonly lines: readonly NoteLine[];
  /** The observations taken in this consultation, in order. */
  readonly boxes: readonly BoxKey[];
  readonly news2: boolean;
  readonly questionnaires: Readonly<Partial<Record<QuestionnaireKey, readonly (number | null)[]>>>;
  readonly reminders: readonly string[];
  /** Which templates were taken into it, each in the version that was taken. */
  readonly templates?: readonly TemplateUsed[];
  readonly observations: SetState;
  /** Templates and sets as they were taken, newest last: the way back. */
  readonly taken?: readonly Taken[];
}

/** A template or a set of observations that was taken into the note. */
export interface Taken {
  readonly label: string;
  /** The lines that it asked. */
  readonly lines: readonly string[];
  readonly questionnaires: readonly QuestionnaireKey[];
  /** What stood there before it. */
  readonly before: Pick<ConsultationNote, 'boxes' | 'news2' | 'reminders'> & {
    readonly templates: readonly TemplateUsed[];
  };
}

export function emptyLine(id: string, heading: ConsultationHeading): NoteLine {
  return { id, heading, text: '', code: null, meaning: 'present', problem: 'no', episode: null };
}

/** In which context terms are searched: under these headings nothing is highlighted until a person does it. */
export function termContext(
  heading: ConsultationHeading,
): 'diagnosis' | 'allergy' | 'procedure' | 'symptom' | 'family-history' | 'any' {
  switch (heading) {
    case 'Problem':
    case 'Assessment':
      return 'diagnosis';
    case 'Allergy':
      return 'allergy';
    case 'Procedure':
    case 'Test request':
    case 'Referral':
      return 'procedure';
    case 'Family history':
      return 'family-history';
    case 'History':
    case 'Examination':
      return 'symptom';
    case 'Social':
    case 'Result':
    case 'Plan':
    case 'Medication':
    case 'Follow up':
    case 'Comment':
    case 'Additional':
    case 'Document':
    case 'Administration':
      return 'any';
  }
}

/** A code under Problem goes to the problem list unless its author says otherwise; elsewhere only if its author says so. */
export function problemByDefault(heading: ConsultationHeading): NoteLine['problem'] {
  return heading === 'Problem' ? 'significant' : 'no';
}

/** On the problem list or off it; family history never goes there. */
export function withProblemToggled(line: NoteLine): NoteLine {
  if (line.code === null || line.meaning === 'family') return line;
  return { ...line, problem: line.problem === 'no' ? 'significant' : 'no' };
}

/**
 * What a line says, as it is signed: an answer with the question of the template that it answers. "None" alone says
 * nothing; words that begin with the question have it already, and a code that they only repeat is not said twice.
 */
export function wordsOf({ text, code, prompt }: NoteLine): string {
  const typed = text.trim();
  const said = typed === code?.term ? '' : typed;
  const asked = prompt?.words.trim() ?? '';
  if (asked === '' || said.toLowerCase().startsWith(asked.toLowerCase())) return said;
  if (said === '') return code === null ? '' : asked;
  return /[.:?]$/.test(asked) ? `${asked} ${said}` : `${asked}: ${said}`;
}

export function hasWords(line: NoteLine): boolean {
  return line.text.trim() !== '' || line.code !== null;
}
