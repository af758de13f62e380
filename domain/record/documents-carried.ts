import type { DocumentReference } from '@medplum/fhirtypes';
import { documentContent } from './document-content.ts';
import { enteredInErrorOf } from './entry-view.ts';

/** What of a record's letters and attachments can be read where there is no network. */
export interface DocumentsCarried {
  /** Of those that stand: what was marked as entered in error is not counted. */
  readonly inRecord: number;
  /** Their content stayed with the system that they came from, or none came. */
  readonly elsewhere: number;
  /** Here whole, and of a type that is not shown on this computer. */
  readonly notShown: number;
}

export function documentsCarried(documents: Iterable<DocumentReference>): DocumentsCarried {
  let inRecord = 0;
  let elsewhere = 0;
  let notShown = 0;
  for (const document of documents) {
    if (enteredInErrorOf(document)) continue;
    inRecord += 1;
    if (documentContent(document).kind !== 'message') continue;
    if (document.content.some(({ attachment: { data } }) => data !== undefined && data !== '')) notShown += 1;
    else elsewhere += 1;
  }
  return { inRecord, elsewhere, notShown };
}
