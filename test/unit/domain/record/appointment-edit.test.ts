import type { Appointment } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { VISIT_TIME_URLS } from '../../../../domain/record/agenda.ts';
import { moveAppointment } from '../../../../domain/record/appointment-edit.ts';

const kept = { url: 'https://example.org/other', valueString: 'kept' };
const arrived: Appointment = {
  resourceType: 'Appointment',
  id: 'a1',
  status: 'arrived',
  start: '2026-11-23T09:00:00+00:00',
  slot: [{ reference: 'Slot/before' }],
  extension: [kept, { url: VISIT_TIME_URLS.arrivedAt, valueDateTime: '2026-11-23T08:55:00+00:00' }],
  participant: [
    { actor: { reference: 'Patient/p1' }, status: 'accepted' },
    { actor: { reference: 'Practitioner/gp' }, status: 'accepted' },
  ],
};
const moved = (start: string): Appointment =>
  moveAppointment(arrived, {
    start,
    end: start.replace(':00:00', ':10:00'),
    minutes: 10,
    slot: 'after',
    practitioner: { id: 'nurse', name: 'Nurse' },
  }).after as unknown as Appointment;

describe('a moved visit', () => {
  it('on the same day: who has arrived goes on waiting, with somebody else', () => {
    const later = moved('2026-11-23T11:00:00+00:00');
    expect(later).toMatchObject({ status: 'arrived', slot: [{ reference: 'Slot/after' }] });
    expect(later.extension).toEqual(arrived.extension);
    expect(later.participant[1]?.actor?.reference).toBe('Practitioner/nurse');
  });

  it('on another day: booked, and nobody has arrived', () => {
    expect(moved('2026-12-07T11:00:00+00:00')).toMatchObject({ status: 'booked', extension: [kept] });
  });
});
