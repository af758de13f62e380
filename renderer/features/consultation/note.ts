/** A consultation being written: one flowing note of lines, each under a heading. Kept whole in the draft. */
import type { ConsultationType, HeadingName } from '../../../domain/record/consultation.ts';
import type { SetState } from '../observations/index.ts';

/** Typed at the beginning of a line and followed by a space. */
export const HEADING_KEYS: Readonly<Record<string, HeadingName>> = {
  pr: 'Problem',
  h: 'History',
  e: 'Examination',
  fh: 'Family history',
  s: 'Social',
  a: 'Assessment',
  px: 'Procedure',
  r: 'Result',
  p: 'Plan',
  m: 'Medication',
  al: 'Allergy',
  t: 'Test request',
  rf: 'Referral',
  fu: 'Follow up',
  c: 'Comment',
};

/** How a coded line is meant; none of these is ever assumed. */
export type Meaning = 'present' | 'past' | 'suspected' | 'family';

export interface LineCode {
  readonly code: string;
  readonly term: string;
  readonly kind: string;
}

export interface NoteLine {
  readonly id: string;
  readonly heading: HeadingName;
  /** As typed; stands beside the code, never replaced by it. */
  readonly text: string;
  readonly code: LineCode | null;
  readonly meaning: Meaning;
  /** A problem is a flag on a coded entry. */
  readonly problem: 'no' | 'minor' | 'significant';
  readonly episode: 'new' | 'ongoing' | null;
}

export interface ConsultationNote {
  readonly encounterId: string;
  readonly type: ConsultationType;
  readonly startedAt: string;
  /** FHIR date where it is written up later than it happened; `null`: now. */
  readonly happenedOn: string | null;
  /** A known problem that this consultation is about. */
  readonly about: { readonly key: string; readonly title: string } | null;
  readonly circumstances: string;
  readonly sensitive: readonly ('not-for-online-viewing' | 'third-party')[];
  readonly lines: readonly NoteLine[];
  readonly observationSet: string | null;
  readonly observations: SetState;
}

export function emptyLine(id: string, heading: HeadingName): NoteLine {
  return { id, heading, text: '', code: null, meaning: 'present', problem: 'no', episode: null };
}

/** `h `, `e ` … at the beginning of a line begin a heading; `null` where the text begins none. */
export function headingTyped(text: string): { readonly heading: HeadingName; readonly rest: string } | null {
  const match = /^([a-z]{1,2}) /i.exec(text);
  const heading = HEADING_KEYS[match?.[1]?.toLowerCase() ?? ''];
  return match && heading ? { heading, rest: text.slice(match[0].length) } : null;
}

/** In which context terms are searched: under these headings nothing is highlighted until a person does it. */
export function termContext(
  heading: HeadingName,
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

export function hasWords(line: NoteLine): boolean {
  return line.text.trim() !== '' || line.code !== null;
}
