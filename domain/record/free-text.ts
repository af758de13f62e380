import type { EntryView } from './record-view.ts';

/** SNOMED CT "Comment note": what other systems make of a line of free text. */
const COMMENT_NOTE = '37331000000100';

/** An entry that is nothing but words: its kind and its code say nothing to a reader. */
export function isFreeText({ resourceType, coded, value, notes }: EntryView): boolean {
  return resourceType === 'Observation' && coded?.code === COMMENT_NOTE && value === null && notes.length > 0;
}
