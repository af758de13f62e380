import { describe, expect, it } from 'vitest';
import { lookedAt, noteLooked } from '../../../../../main/services/save/looked-at.ts';
import { JournalOnFiles } from '../../../../support/journal-on-files.ts';

const day = 24 * 60 * 60_000;
const monday = Date.parse('2026-11-23T09:00:00Z');

describe('whom somebody has seen', () => {
  it('holds after a restart, for that person alone, for 14 days; the last mark counts', async () => {
    const on = new JournalOnFiles();
    const first = await on.open('gp');
    const upTo = '2026-11-22T10:00:00Z';
    await noteLooked(first.journal, 'user-gp', { patientId: 'p1', upTo: null }, monday);
    await noteLooked(first.journal, 'user-gp', { patientId: 'p1', upTo }, monday + 1);
    await noteLooked(first.journal, 'user-nurse', { patientId: 'p2', upTo }, monday);
    await first.journal.close();

    const { journal } = await on.open('gp');
    expect(lookedAt(journal, 'user-gp', monday)).toMatchObject([{ patientId: 'p1', upTo }]);
    expect(lookedAt(journal, 'user-nurse', monday)).toMatchObject([{ patientId: 'p2' }]);
    expect(lookedAt(journal, 'user-gp', monday + 13 * day)).toHaveLength(1);
    expect(lookedAt(journal, 'user-gp', monday + 15 * day)).toEqual([]);
    await noteLooked(journal, 'user-gp', { patientId: 'p3', upTo: null }, monday + 15 * day);
    expect(lookedAt(journal, 'user-gp', monday).map(({ patientId }) => patientId)).toEqual(['p3']);
  });
});
