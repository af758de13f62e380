import type { DocumentReference } from '@medplum/fhirtypes';

/** How the content of a document can be shown without running anything of it. `data`: base64, as in the attachment. */
export type DocumentContent =
  | { readonly kind: 'text' | 'html' | 'image' | 'pdf'; readonly contentType: string; readonly data: string }
  /** Why it cannot be shown, and what to do. */
  | { readonly kind: 'message'; readonly words: string };

/** What of a document stands on this computer: its first attachment that carries data. */
export function documentContent(document: DocumentReference): DocumentContent {
  const attachments = document.content.map(({ attachment }) => attachment);
  const whole = attachments.find(({ data }) => data !== undefined && data !== '');
  if (whole?.data === undefined) return { kind: 'message', words: whyAbsent(attachments) };
  const contentType = (whole.contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const kind = kindOf(contentType);
  return kind === null
    ? {
        kind: 'message',
        words: `A document of the type ${contentType === '' ? '“not said”' : contentType} cannot be shown safely here. It is kept whole in the record; open it in the system that it came from.`,
      }
    : { kind, contentType, data: whole.data };
}

function kindOf(contentType: string): 'text' | 'html' | 'image' | 'pdf' | null {
  if (contentType === 'application/pdf') return 'pdf';
  if (contentType === 'text/html' || contentType === 'application/xhtml+xml') return 'html';
  if (READ_AS_TEXT.test(contentType)) return 'text';
  return DRAWN_BY_THE_ENGINE.has(contentType) ? 'image' : null;
}

/** Rich text and the like are markup, not words: they are not taken for plain text. */
const READ_AS_TEXT = /^(?:text\/(?:plain|csv|markdown|xml)|application\/(?:(?:fhir\+)?(?:json|xml)))$/;

/** No SVG: it may carry script and references. */
const DRAWN_BY_THE_ENGINE: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/jpg',
  'image/gif',
  'image/bmp',
  'image/webp',
]);

function whyAbsent(attachments: readonly { readonly url?: string; readonly title?: string }[]): string {
  if (attachments.some(({ url }) => url !== undefined))
    return 'The content of this document is not on this computer: it stayed with the system that it came from. Open it there.';
  return 'No content came with this document: only what is said of it is in the record.';
}
