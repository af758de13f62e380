/** Headings of a consultation, in the words and the order of clinical.md. */
export const CONSULTATION_HEADINGS = [
  'Problem',
  'History',
  'Examination',
  'Family history',
  'Social',
  'Assessment',
  'Procedure',
  'Result',
  'Plan',
  'Medication',
  'Allergy',
  'Test request',
  'Referral',
  'Follow up',
  'Comment',
  'Additional',
  'Document',
  'Administration',
] as const;

export type ConsultationHeading = (typeof CONSULTATION_HEADINGS)[number];

/** Letters that begin a heading when a space follows at the start of a line. */
export const HEADING_KEYS: Readonly<Record<string, ConsultationHeading>> = {
  h: 'History',
  e: 'Examination',
  a: 'Assessment',
  p: 'Plan',
  pr: 'Problem',
  fh: 'Family history',
  so: 'Social',
  op: 'Procedure',
  r: 'Result',
  m: 'Medication',
  al: 'Allergy',
  t: 'Test request',
  rf: 'Referral',
  f: 'Follow up',
  c: 'Comment',
};

/**
 * The heading that a line begins, when it consists of one of the keys and a space only: `h ` is History. "A cough" begins
 * one too: while nothing stands under it yet, Escape gives the letters and the heading before back (`note-line.tsx`).
 * @param line text of the line up to the caret, the space included
 */
export function headingAtLineStart(line: string): ConsultationHeading | null {
  const match = /^([a-z]{1,2}) $/i.exec(line);
  return match?.[1] === undefined ? null : (HEADING_KEYS[match[1].toLowerCase()] ?? null);
}
