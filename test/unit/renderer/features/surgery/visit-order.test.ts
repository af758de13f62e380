import { describe, expect, it } from 'vitest';
import type { AgendaLine } from '../../../../../renderer/cache/index.ts';
import {
  nextVisit,
  withPassed,
  type PassedVisit,
} from '../../../../../renderer/features/surgery/visit-order.ts';

/** A line of the list: the patient's id is also the appointment's. */
function line(id: string, time: string, status: string, calledAt: string | null = null): AgendaLine {
  return {
    appointment: {
      source: { key: `Appointment/${id}` },
      patientId: id,
      start: `2026-11-23T${time}:00+00:00`,
      status,
      calledAt,
      leftAt: null,
    },
  } as unknown as AgendaLine;
}

const next = (
  visits: readonly AgendaLine[],
  open: string | null,
  passed: readonly PassedVisit[] = [],
): string | null => nextVisit(visits, open, passed)?.appointment.patientId ?? null;

/** The list as the next-patient key walks it, nobody's status changing. */
function walk(visits: readonly AgendaLine[], steps: number): readonly (string | null)[] {
  const opened: (string | null)[] = [];
  let open: string | null = null;
  let passed: readonly PassedVisit[] = [];
  for (let step = 0; step < steps; step += 1) {
    const to = next(visits, open, passed);
    const present = visits.find((one) => one.appointment.patientId === open);
    if (present) passed = withPassed(passed, present);
    open = to;
    opened.push(to);
  }
  return opened;
}

describe('the next patient', () => {
  it('is whoever waits longest by booked time, called before arrived', () => {
    const visits = [
      line('a', '09:00', 'booked'),
      line('b', '09:10', 'arrived'),
      line('c', '09:20', 'arrived'),
    ];
    expect(next(visits, null)).toBe('b');
    expect(next([...visits, line('d', '09:30', 'arrived', '2026-11-23T09:00:00Z')], null)).toBe('d');
  });

  it('is else the next booked later than the present one, and nobody after the last', () => {
    const visits = [
      line('a', '09:00', 'booked'),
      line('b', '09:10', 'checked-in'),
      line('c', '09:20', 'booked'),
    ];
    expect(next(visits, 'b')).toBe('c');
    expect(next(visits, 'c')).toBeNull();
  });

  it('goes through a booked list once, never back to the first two', () => {
    const visits = ['a', 'b', 'c', 'd'].map((id, at) => line(id, `09:${at}0`, 'booked'));
    expect(walk(visits, 4)).toEqual(['a', 'b', 'c', 'd']);
    expect(walk(visits, 5).at(-1)).toBeNull();
  });

  it('goes through a full waiting room once, then back to the list, then to who still waits', () => {
    const visits = ['a', 'b', 'c'].map((id, at) => line(id, `09:${at}0`, 'arrived'));
    expect(walk(visits, 7)).toEqual(['a', 'b', 'c', null, 'a', null, 'b']);
  });

  it('is never one whose visit has ended', () => {
    const ended = ['fulfilled', 'cancelled', 'noshow'].map((status, at) => line(status, `09:${at}0`, status));
    expect(next(ended, null)).toBeNull();
  });

  it('is one that was passed as booked and has arrived since', () => {
    const passed = withPassed([], line('a', '09:00', 'booked'));
    const now = [line('a', '09:00', 'arrived'), line('b', '09:10', 'booked'), line('c', '09:20', 'booked')];
    expect(next(now, 'b', passed)).toBe('a');
    expect(next([line('a', '09:00', 'booked'), ...now.slice(1)], 'b', passed)).toBe('c');
  });

  it('is not the same patient’s second visit while their record is open', () => {
    const visits = [
      line('a', '09:00', 'checked-in'),
      line('a', '11:00', 'booked'),
      line('b', '11:10', 'booked'),
    ];
    expect(next(visits, 'a')).toBe('b');
  });
});
