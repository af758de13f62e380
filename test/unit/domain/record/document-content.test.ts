import type { Attachment, DocumentReference } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { documentContent } from '../../../../domain/record/document-content.ts';

const document = (...attachments: Attachment[]): DocumentReference => ({
  resourceType: 'DocumentReference',
  status: 'current',
  content: attachments.map((attachment) => ({ attachment })),
});

describe('the content of a document', () => {
  it.each([
    ['text/plain', 'text'],
    ['text/plain; charset=utf-8', 'text'],
    ['application/fhir+json', 'text'],
    ['application/xml', 'text'],
    ['TEXT/HTML', 'html'],
    ['application/pdf', 'pdf'],
    ['image/jpeg', 'image'],
  ])('%s is shown as %s', (contentType, kind) => {
    expect(documentContent(document({ contentType, data: 'QQ==' })).kind).toBe(kind);
  });

  it.each(['image/svg+xml', 'application/msword', 'text/richtext', 'text/javascript', 'video/mpeg', ''])(
    '%s is not shown, and the words say that it is kept',
    (contentType) => {
      expect(documentContent(document({ contentType, data: 'QQ==' }))).toMatchObject({
        kind: 'message',
        words: expect.stringContaining('kept whole') as string,
      });
    },
  );

  it('takes the attachment that carries data, and says where the content is when none does', () => {
    expect(
      documentContent(document({ url: 'https://example.org/1' }, { contentType: 'text/plain', data: 'QQ==' }))
        .kind,
    ).toBe('text');
    expect(documentContent(document({ url: 'https://example.org/1' }))).toMatchObject({
      words: expect.stringContaining('not on this computer') as string,
    });
    expect(documentContent(document({ title: 'Letter' }))).toMatchObject({
      words: expect.stringContaining('No content came') as string,
    });
  });
});
