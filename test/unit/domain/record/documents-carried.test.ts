import type { DocumentReference } from '@medplum/fhirtypes';
import { expect, it } from 'vitest';
import { documentsCarried } from '../../../../domain/record/documents-carried.ts';

const letter = (
  attachment: DocumentReference['content'][number]['attachment'],
  more: Partial<DocumentReference> = {},
): DocumentReference => ({
  resourceType: 'DocumentReference',
  status: 'current',
  content: [{ attachment }],
  ...more,
});

it('counts what can be read without the network, what stayed elsewhere, and what no screen here shows', () => {
  const carried = documentsCarried([
    letter({ contentType: 'text/plain', data: 'SGk=' }),
    letter({ contentType: 'application/pdf', data: 'SGk=' }),
    letter({ contentType: 'application/pdf', url: 'https://records.example.org/1' }),
    letter({ title: 'Nothing came with it' }),
    letter({ contentType: 'application/pdf', data: '' }),
    letter({ contentType: 'application/msword', data: 'SGk=' }),
    letter({ contentType: 'text/plain', data: 'SGk=' }, { status: 'entered-in-error' }),
  ]);
  expect(carried).toEqual({ inRecord: 6, elsewhere: 3, notShown: 1 });
});

it('a record without documents has none', () => {
  expect(documentsCarried([])).toEqual({ inRecord: 0, elsewhere: 0, notShown: 0 });
});
