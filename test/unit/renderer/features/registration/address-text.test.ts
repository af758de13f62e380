import { expect, it } from 'vitest';
import { readAddress } from '../../../../../renderer/features/registration/address-text.ts';

it.each([
  ['ls11aa', 'LS1 1AA'],
  [' ls1  1aa ', 'LS1 1AA'],
  ['sw1a1aa', 'SW1A 1AA'],
  ['m11ae', 'M1 1AE'],
  ['not known', 'NOT KNOWN'],
])('the postcode %s is kept as %s', (typed, kept) => {
  expect(readAddress('1 High Street, Leeds', typed)).toEqual({
    lines: ['1 High Street', 'Leeds'],
    postcode: kept,
  });
});
