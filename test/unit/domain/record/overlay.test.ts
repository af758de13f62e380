import { describe, expect, test } from 'vitest';
import { overlay } from '../../../../domain/record/overlay.ts';
import { cached, opened, pending } from './fixtures.ts';

const penicillin = { resourceType: 'AllergyIntolerance', id: 'a1', code: { text: 'Penicillin' } };
const latex = { ...penicillin, code: { text: 'Latex' } };

describe('overlay of pending work', () => {
  test('L22: waiting work stands until the cached copy has it', () => {
    const mine = { resourceType: 'Observation', id: 'o1', code: { text: 'new' } };
    const before = overlay([cached({ ...mine, code: { text: 'old' } }, 1)], [pending(mine, 'waiting')]);
    expect(before).toMatchObject([{ resource: mine, source: { version: 1, pending: { state: 'waiting' } } }]);
  });

  test('L23: applied work with a version above the cached one still stands; at or below it no longer does', () => {
    const mine = { resourceType: 'Observation', id: 'o1', code: { text: 'mine' } };
    const later = { ...mine, code: { text: 'later' } };
    const sent = [pending(mine, 'applied', { resultVersion: 2 })];
    expect(overlay([cached({ ...mine, code: { text: 'old' } }, 1)], sent)[0]?.resource).toMatchObject(mine);
    for (const version of [2, 3]) {
      const [shown] = overlay([cached(later, version)], sent);
      expect(shown?.resource).toMatchObject(later);
      expect(shown?.source.pending).toBeUndefined();
    }
  });

  test('work on top of earlier work shows the last, in the order of the device', () => {
    const first = { resourceType: 'Task', id: 't', status: 'requested' };
    const second = { ...first, status: 'completed' };
    const shown = overlay(
      [],
      [pending(second, 'waiting', { deviceSeq: 9 }), pending(first, 'waiting', { deviceSeq: 4 })],
    );
    expect(shown).toHaveLength(1);
    expect(shown[0]).toMatchObject({ resource: second, source: { version: null } });
  });

  test('a conflict on an allergy shows both versions, and both count', () => {
    const record = opened([penicillin], { pending: [pending(latex, 'conflict')] }).record();
    expect(record?.allergyList.map(({ agent, source }) => [agent, source.disputed])).toEqual(
      expect.arrayContaining([
        ['Penicillin', 'theirs'],
        ['Latex', 'mine'],
      ]),
    );
    expect(record?.allergies).toHaveLength(2);
    expect(record?.completeness.warnings.map(({ code }) => code)).toContain('disputed');
  });

  test('a disputed medicine counts as current for nobody and stands apart', () => {
    const theirs = {
      resourceType: 'MedicationStatement',
      id: 'm1',
      status: 'stopped',
      medicationCodeableConcept: { text: 'Ramipril 5mg' },
    };
    const mine = { ...theirs, status: 'active' };
    const summary = opened([theirs], { pending: [pending(mine, 'conflict')] }).record()?.summary;
    expect(summary?.medication).toEqual([]);
    expect(summary?.disputedMedication.map(({ status }) => status)).toEqual(['Disputed', 'Disputed']);
  });

  test('work on a change that conflicted is disputed as well', () => {
    const shown = overlay(
      [cached(penicillin)],
      [
        pending(latex, 'conflict', { deviceSeq: 1 }),
        pending({ ...latex, code: { text: 'Latex gloves' } }, 'waiting', { deviceSeq: 2 }),
      ],
    );
    expect(shown.map(({ source }) => source.disputed)).toEqual(['theirs', 'mine']);
    expect(shown[1]?.resource).toMatchObject({ code: { text: 'Latex gloves' } });
  });

  test('of a booking, which there is only one of, the service’s version stands, marked', () => {
    const theirs = { resourceType: 'Appointment', id: 'b', status: 'cancelled' };
    const shown = overlay([cached(theirs)], [pending({ ...theirs, status: 'arrived' }, 'conflict')]);
    expect(shown).toHaveLength(1);
    expect(shown[0]).toMatchObject({ resource: theirs, source: { pending: { state: 'conflict' } } });
  });

  test('rejected work is nowhere else, so it stays on the screen, marked', () => {
    const shown = overlay([], [pending(penicillin, 'rejected')]);
    expect(shown).toMatchObject([{ resource: penicillin, source: { pending: { state: 'rejected' } } }]);
  });

  test('a conflict with a deleted resource still shows the work', () => {
    expect(overlay([], [pending(penicillin, 'conflict')])).toHaveLength(1);
  });
});
