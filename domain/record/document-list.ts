import { conceptText, isTransferDegraded } from '../fhir/codeable-concept.ts';
import { sortKeyOf } from '../fhir/partial-date.ts';
import { enteredInErrorOf, originOf } from './entry-view.ts';
import { nameOfReference } from './people-words.ts';
import type { RecordContents } from './record-contents.ts';
import type { DocumentView } from './record-view.ts';

/** Letters, attachments and entries that were kept whole because they could not be read. Newest first. */
export function documentList(contents: RecordContents): readonly DocumentView[] {
  return contents
    .ofType('DocumentReference')
    .map(({ source, resource: document }): DocumentView => {
      const attachment = document.content[0]?.attachment;
      const type = conceptText(document.type);
      const description = document.description ?? null;
      const title = attachment?.title ?? description ?? type ?? 'Document without a title';
      return {
        source,
        title,
        // What the title says already is not said again.
        type: saysMore(type, title),
        when: document.context?.period?.start ?? attachment?.creation ?? document.date ?? null,
        author: nameOfReference(document.author?.[0] ?? document.custodian, contents, document),
        contentType: attachment?.contentType ?? null,
        size: attachment?.size ?? null,
        content:
          attachment?.data !== undefined ? 'here' : attachment?.url !== undefined ? 'elsewhere' : 'absent',
        description: saysMore(description, title),
        degraded: isTransferDegraded(document.type),
        origin: originOf(document),
        enteredInError: enteredInErrorOf(document),
      };
    })
    .sort(
      (left, right) =>
        sortKeyOf(right.when ?? undefined) - sortKeyOf(left.when ?? undefined) ||
        (left.source.key < right.source.key ? -1 : 1),
    );
}

function saysMore(words: string | null, title: string): string | null {
  return words !== null && title.toLowerCase().includes(words.trim().toLowerCase()) ? null : words;
}
