import { expect, it } from 'vitest';
import { derivedId } from '../../../../record-service/sync/derived-id.ts';

it('D3: derived ids are version 5 UUIDs of what they stand for, the same on every machine and in every release', () => {
  // Written down once: another value would make every derived resource a second time.
  expect(derivedId('conflict', 'op-1')).toBe('a82f4568-001c-5f45-987e-fda643d4254f');
  expect(derivedId('conflict', 'op-1')).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(derivedId('ab', 'c')).not.toBe(derivedId('a', 'bc'));
});
