import { describe, expect, it } from 'vitest';
import type { AppointmentView } from '../../../../domain/record/agenda.ts';
import { bookingClashes } from '../../../../domain/record/booking-clash.ts';

function appointment(id: string, start: string, end: string | null, more: Partial<AppointmentView> = {}) {
  const day = '2026-11-23';
  return {
    source: { key: `Appointment/${id}` },
    patientId: id,
    day,
    start: `${day}T${start}:00Z`,
    end: end === null ? null : `${day}T${end}:00Z`,
    status: 'booked',
    practitioners: [{ id: 'okafor', name: 'Dr Amara Okafor' }],
    ...more,
  } as unknown as AppointmentView;
}

const found = (...appointments: AppointmentView[]): Record<string, string[]> =>
  Object.fromEntries(
    [...bookingClashes(appointments)].map(([key, others]) => [key, others.map(({ source }) => source.key)]),
  );

describe('bookings that clash (H-030)', () => {
  it('names, for each of two bookings of one person that overlap, the other', () => {
    expect(found(appointment('a', '09:00', '09:10'), appointment('b', '09:05', '09:15'))).toEqual({
      'Appointment/a': ['Appointment/b'],
      'Appointment/b': ['Appointment/a'],
    });
    expect(Object.keys(found(appointment('a', '09:00', null), appointment('b', '09:00', null)))).toHaveLength(
      2,
    );
  });

  it('leaves alone what only touches, what is with another person, and what is cancelled, missed or over', () => {
    expect(found(appointment('a', '09:00', '09:10'), appointment('b', '09:10', '09:20'))).toEqual({});
    const nurse = [{ id: 'nurse', name: 'Nurse Bell' }];
    expect(
      found(appointment('a', '09:00', '09:10'), appointment('b', '09:00', '09:10', { practitioners: nurse })),
    ).toEqual({});
    for (const status of ['cancelled', 'noshow', 'fulfilled', 'entered-in-error']) {
      expect(
        found(appointment('a', '09:00', '09:10'), appointment('b', '09:00', '09:10', { status })),
      ).toEqual({});
    }
  });
});
