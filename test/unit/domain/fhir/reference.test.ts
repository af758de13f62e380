import { describe, expect, it } from 'vitest';
import { parseReference } from '../../../../domain/fhir/reference.ts';

describe('references', () => {
  it.each([
    ['Patient/1', { type: 'Patient', id: '1' }],
    ['https://example.test/fhir/R4/org/Patient/a-b.c', { type: 'Patient', id: 'a-b.c' }],
    ['Patient/1/_history/3', { type: 'Patient', id: '1' }],
    ['#contained', null],
    ['urn:uuid:0b2b0b0e-7b0f-4b3f-9b0e-0b2b0b0e7b0f', null],
    ['patient/1', null],
    [undefined, null],
  ])('%s', (reference, expected) => {
    expect(parseReference(reference)).toEqual(expected);
  });
});
