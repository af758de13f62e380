import { describe, expect, it } from 'vitest';
import {
  conceptText,
  isTransferDegraded,
  snomed,
  snomedCodeOf,
  SNOMED_SYSTEM,
} from '../../../../domain/fhir/codeable-concept.ts';

describe('codeable concepts', () => {
  it('shows the author’s text before any display, and a code before nothing', () => {
    expect(conceptText({ text: ' Asthma ', coding: [{ display: 'Asthma (disorder)' }] })).toBe('Asthma');
    expect(conceptText({ coding: [{ code: 'H33' }, { display: 'Asthma' }] })).toBe('Asthma');
    expect(conceptText({ coding: [{ display: 'A' }, { display: 'B', userSelected: true }] })).toBe('B');
    expect(conceptText({ coding: [{ code: 'H33..' }] })).toBe('H33..');
    expect(conceptText({})).toBeNull();
    expect(conceptText(undefined)).toBeNull();
  });

  it('prefers the code that the user chose', () => {
    const concept = {
      coding: [
        { system: SNOMED_SYSTEM, code: '1' },
        { system: SNOMED_SYSTEM, code: '2', userSelected: true },
      ],
    };
    expect(snomedCodeOf(concept)).toBe('2');
    expect(snomedCodeOf({ coding: [{ system: 'http://read.info/readv2', code: 'H33..' }] })).toBeNull();
  });

  it('knows a degraded entry by code or by display', () => {
    expect(
      isTransferDegraded({
        coding: [{ system: SNOMED_SYSTEM, code: '196461000000101' }],
        text: 'Penicillin V',
      }),
    ).toBe(true);
    expect(isTransferDegraded({ coding: [{ display: 'Transfer-degraded plan' }] })).toBe(true);
    expect(isTransferDegraded(snomed('195967001', 'Asthma'))).toBe(false);
  });
});
