import { describe, expect, it } from 'vitest';
import { markedEnteredInError } from '../../../../domain/record/entered-in-error.ts';

describe('entered in error', () => {
  it.each(['AllergyIntolerance', 'Condition'])(
    '%s says it as a verification, without a clinical status',
    (type) => {
      const marked = markedEnteredInError({
        resourceType: type,
        id: 'x',
        clinicalStatus: { coding: [{ code: 'active' }] },
        note: [{ text: 'kept' }],
      });
      expect(marked).toMatchObject({
        resourceType: type,
        id: 'x',
        note: [{ text: 'kept' }],
        verificationStatus: { coding: [{ code: 'entered-in-error' }] },
      });
      expect(marked).not.toHaveProperty('clinicalStatus');
    },
  );

  it('what has a status says it there; what has none cannot', () => {
    expect(markedEnteredInError({ resourceType: 'Observation', id: 'x', status: 'final' })).toEqual({
      resourceType: 'Observation',
      id: 'x',
      status: 'entered-in-error',
    });
    expect(markedEnteredInError({ resourceType: 'Patient', id: 'x' })).toBeNull();
  });
});
