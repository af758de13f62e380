import { describe, expect, it } from 'vitest';
import type { AppointmentView } from '../../../../../domain/record/agenda.ts';
import type { AgendaLine, CarriedRecord, PatientHit } from '../../../../../renderer/cache/index.ts';
import { addressWords } from '../../../../../renderer/features/round/address-words.ts';
import { documentWords, roundLines } from '../../../../../renderer/features/round/round-lines.ts';
import { bookedWithMe, isVisitAway } from '../../../../../renderer/features/round/visits.ts';
import { directoryEntry } from '../../../../support/cache-records.ts';

const hit = (index: number, lines?: readonly string[]): PatientHit => ({
  entry: { ...directoryEntry(index), ...(lines ? { address: { lines } } : {}) },
  sameName: false,
  readiness: 'ready',
  pending: 0,
});
const carried = (of: PatientHit, elsewhere: number, notShown = 0): CarriedRecord => ({
  patientId: of.entry.id,
  copy: 'whole',
  allergies: { title: 'Allergies not recorded', heading: '', emphasised: false, items: [], notes: [] },
  documents: { inRecord: 3, elsewhere, notShown },
  missing: null,
});
const booking = (type: string | null, more: Partial<AppointmentView> = {}): AgendaLine =>
  ({
    appointment: {
      type,
      status: 'booked',
      calledAt: null,
      leftAt: null,
      practitioners: [{ id: 'me', name: null }],
      ...more,
    },
  }) as AgendaLine;

describe('lines of a round', () => {
  it('stand by house, a patient without an address or unknown here last', () => {
    const [nine, two, none] = [hit(1, ['9 Elm Row']), hit(2, ['2 Elm Row']), hit(3)];
    const ids = ['gone', ...[none, nine, two].map(({ entry }) => entry.id as string)];
    const lines = roundLines(ids, [null, none, nine, two], new Map(), []);
    expect(lines.map(({ patientId }) => patientId)).toEqual([
      two.entry.id,
      nine.entry.id,
      none.entry.id,
      'gone',
    ]);
  });

  it('who was picked has a line before anything is known, and it says that nothing is', () => {
    expect(roundLines(['a'], [], new Map(), [])).toEqual([
      { patientId: 'a', hit: null, copy: 'checking', record: undefined, visit: undefined },
    ]);
  });

  it('documents: how many, and how many of them cannot be read on the way', () => {
    const [one] = [hit(1)];
    const of = (record: CarriedRecord) =>
      documentWords(roundLines([one.entry.id], [one], new Map([[one.entry.id, record]]), [])[0]?.record);
    expect(of(carried(one, 0))).toEqual({ all: '3 documents', not: null });
    expect(of(carried(one, 1, 2))).toEqual({
      all: '3 documents',
      not: '1 not here, only with the service, 2 of a kind that does not open here',
    });
    expect(of({ patientId: one.entry.id, copy: 'to-come' })).toBeNull();
  });

  it('never words the address of a protected patient, even one that stands in the entry by mistake', () => {
    const { entry } = hit(1, ['4 Elm Row']);
    expect(addressWords(entry)).toBe('4 Elm Row');
    expect(addressWords({ ...entry, protectedPatient: true })).not.toContain('Elm');
  });
});

describe('bookings of the day', () => {
  it.each([
    ['Home visit', true],
    ['Care-home visit', true],
    ['Visit to nursing home', true],
    ['Face to face', false],
    ['Telephone', false],
    [null, false],
  ])('%s is a visit away: %s', (type, isAway) => {
    expect(isVisitAway({ type })).toBe(isAway);
  });

  it('mine that still stand, visits away first; nobody else’s', () => {
    const surgery = booking('Face to face');
    const visit = booking('Home visit');
    const anybody = booking('Telephone', { practitioners: [] });
    const others = [
      booking('Home visit', { practitioners: [{ id: 'other', name: null }] }),
      booking('Home visit', { status: 'cancelled' }),
      booking('Home visit', { status: 'fulfilled' }),
      booking('Home visit', { status: 'noshow' }),
    ];
    expect(bookedWithMe([surgery, anybody, ...others, visit], 'me')).toEqual([visit, surgery, anybody]);
  });
});
