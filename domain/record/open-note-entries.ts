import { enteredInErrorOf, entryView } from './entry-view.ts';
import { encounterKeyOf } from './journal.ts';
import type { RecordContents } from './record-contents.ts';
import type { OpenNoteEntry } from './record-view.ts';

/**
 * Entries of a consultation that is not signed yet: they name its Encounter, and it is not in the record, or stands there
 * as taken back when the consultation was reopened. Oldest first.
 */
export function openNoteEntries(contents: RecordContents): readonly OpenNoteEntry[] {
  const seen = new Set<string>();
  return contents.all
    .flatMap((item): readonly OpenNoteEntry[] => {
      const { resourceType } = item.resource;
      if (resourceType === 'Composition' || resourceType === 'Encounter') return [];
      const key = encounterKeyOf(item);
      if (key === null || isSigned(contents, key) || seen.has(item.source.key)) return [];
      seen.add(item.source.key);
      return [{ encounterId: key.slice('Encounter/'.length), entry: entryView(item, contents) }];
    })
    .sort((left, right) => ((left.entry.when ?? '') < (right.entry.when ?? '') ? -1 : 1));
}

function isSigned(contents: RecordContents, encounter: string): boolean {
  const shown = contents.byKey(encounter);
  return shown !== undefined && enteredInErrorOf(shown.resource) === null;
}
