import { expect, it } from 'vitest';
import { documentList } from '../../../../domain/record/document-list.ts';
import { opened } from './fixtures.ts';

const said = (document: object) => {
  const [view] = documentList(
    opened([{ resourceType: 'DocumentReference', id: 'd1', status: 'current', ...document }]).contents,
  );
  return [view?.title, view?.type, view?.description];
};

it('a document says its title once: type and description stand beside it only where they say more', () => {
  const titled = { content: [{ attachment: { title: 'Diabetic eye screening result (2025-06-16)' } }] };
  const type = { text: 'Diabetic eye screening result' };
  expect(said({ ...titled, type, description: 'diabetic eye screening result' })).toEqual([
    'Diabetic eye screening result (2025-06-16)',
    null,
    null,
  ]);
  expect(said({ ...titled, type: { text: 'Letter' }, description: 'Both eyes, background changes' })).toEqual(
    ['Diabetic eye screening result (2025-06-16)', 'Letter', 'Both eyes, background changes'],
  );
  expect(said({ content: [{ attachment: {} }], type })).toEqual([
    'Diabetic eye screening result',
    null,
    null,
  ]);
});
