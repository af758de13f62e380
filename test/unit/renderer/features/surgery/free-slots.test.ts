import type { Schedule, Slot } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { ANYBODY, freeSlotsOf, slotChoice } from '../../../../../renderer/features/surgery/use-free-slots.ts';

const schedule = (id: string): Schedule => ({
  resourceType: 'Schedule',
  id: `schedule-${id}`,
  actor: [{ reference: `Practitioner/${id}`, display: id.toUpperCase() }],
});
const slot = (of: string, day: string, time: string, status: Slot['status'] = 'free'): Slot => ({
  resourceType: 'Slot',
  id: `${of}-${day}-${time.replace(':', '')}`,
  schedule: { reference: `Schedule/schedule-${of}` },
  status,
  start: `${day}T${time}:00+00:00`,
  end: `${day}T${time.slice(0, 4)}9:00+00:00`,
});
const today = '2026-11-23';
const inSixWeeks = '2027-01-04';
const free = freeSlotsOf([
  schedule('nurse'),
  schedule('gp'),
  slot('nurse', today, '08:00'),
  slot('nurse', today, '11:00'),
  slot('gp', today, '09:00'),
  slot('gp', today, '11:10', 'busy'),
  slot('gp', today, '11:20'),
  slot('gp', inSixWeeks, '09:00'),
]);
const wanted = {
  clinicianId: null,
  day: null,
  preferred: { clinicianId: 'gp', day: today },
  taken: new Set<string>(),
  now: `${today}T10:30:00Z`,
};

describe('what may be booked', () => {
  it('is one’s own places first, nothing taken and nothing that has begun', () => {
    const choice = slotChoice(free, wanted);
    expect(choice.clinicianId).toBe('gp');
    expect(choice.days).toEqual([today, inSixWeeks]);
    expect(choice.slots.map(({ id }) => id)).toEqual([`gp-${today}-1120`]);
    expect(slotChoice(free, { ...wanted, taken: new Set([`Slot/gp-${today}-1120`]) }).slots).toEqual([]);
  });

  it('is a colleague’s or anybody’s where that was chosen, or where one has no places', () => {
    expect(slotChoice(free, { ...wanted, clinicianId: 'nurse' }).slots.map(({ id }) => id)).toEqual([
      `nurse-${today}-1100`,
    ]);
    const desk = slotChoice(free, { ...wanted, preferred: { clinicianId: 'desk', day: today } });
    expect(desk.clinicianId).toBe(ANYBODY);
    expect(desk.slots).toHaveLength(2);
  });

  it('is on any day that is here; a day without places gives way to the next that has some', () => {
    expect(slotChoice(free, { ...wanted, day: inSixWeeks }).slots).toHaveLength(1);
    expect(slotChoice(free, { ...wanted, preferred: { clinicianId: 'gp', day: '2026-11-24' } }).day).toBe(
      inSixWeeks,
    );
  });
});
