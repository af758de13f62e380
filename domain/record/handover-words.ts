/** The sentences of a handover that say of when it is, what is missing and what nobody else has. */
import { displayDate, displayTime } from '../clinical/date-display.ts';
import { missingWords } from './completeness-words.ts';
import type { Handover } from './handover.ts';
import type { Listed } from './handover-list.ts';
import type { RecordCompleteness } from './record-view.ts';

/** `Data as of 10:43 22-Nov-2026`. */
export function stampWords(dataAsOf: string | null): string {
  if (dataAsOf === null) return 'Time of the data not known';
  const time = displayTime(dataAsOf);
  return `Data as of ${time === null ? '' : `${time} `}${displayDate(dataAsOf)}`;
}

/** Whether the copy that it was taken from is whole, and what is missing. */
export function wholenessWords(completeness: RecordCompleteness): string {
  const { state, warnings } = completeness;
  if (state === 'new')
    return 'Registered on this computer and not yet sent: nothing from an earlier record is here.';
  const disputed = warnings.find(({ code }) => code === 'disputed');
  const others = warnings.filter(({ code }) => code === 'other').map(({ text }) => text);
  const parts = [missingWords(completeness), disputed?.text ?? null, ...others].filter(
    (part) => part !== null,
  );
  return parts.length === 0 ? 'Taken from the whole record held here.' : parts.join(' ');
}

/** What only this paper and this computer have; says so too where there is nothing of the kind. */
export function unsentSentences({ unsent, drafts }: Pick<Handover, 'unsent' | 'drafts'>): readonly string[] {
  const { onPaper, besides } = unsent;
  const unsigned = drafts.items.length;
  const sentences = [
    onPaper === 0
      ? null
      : onPaper === 1
        ? '1 entry below has not been sent: only this paper and this computer have it.'
        : `${onPaper} entries below have not been sent: only this paper and this computer have them.`,
    unsigned === 0
      ? null
      : unsigned === 1
        ? '1 part below is still being written and not yet signed: only this paper and this computer have it.'
        : `${unsigned} parts below are still being written and not yet signed: only this paper and this computer have them.`,
    besides === 0
      ? null
      : `${besides} more unsent ${besides === 1 ? 'entry' : 'entries'} of this record ${besides === 1 ? 'is' : 'are'} not on this paper.`,
  ].filter((sentence) => sentence !== null);
  return sentences.length > 0 ? sentences : ['Nothing on this paper waits to be sent.'];
}

/** What a list does not show: `12 more in the record. 1 marked as sensitive is left out.` Null where it shows all. */
export function restWords({ more, leftOut }: Pick<Listed<unknown>, 'more' | 'leftOut'>): string | null {
  const parts = [
    more > 0 ? `${more} more in the record.` : null,
    leftOut > 0 ? `${leftOut} marked as sensitive ${leftOut === 1 ? 'is' : 'are'} left out.` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' ');
}
