import { expect, test } from 'vitest';
import { editedConsultation } from '../../../../renderer/features/consultation/edited.ts';
import { newNote } from '../../../../renderer/features/consultation/new-note.ts';
import { opened } from './fixtures.ts';

const allergy = {
  resourceType: 'AllergyIntolerance',
  id: 'a',
  code: { text: 'Doxycycline' },
  encounter: { reference: 'Encounter/open' },
  recordedDate: '2026-05-01T10:02:00Z',
};
const medicine = {
  resourceType: 'MedicationStatement',
  id: 'm',
  status: 'active',
  medicationCodeableConcept: { text: 'Ibuprofen' },
  context: { reference: 'Encounter/open' },
  dateAsserted: '2026-05-01T10:01:00Z',
};
const task = {
  resourceType: 'Task',
  id: 't',
  status: 'requested',
  intent: 'order',
  description: 'Ring',
  encounter: { reference: 'Encounter/open' },
  authoredOn: '2026-05-01T10:03:00Z',
};

test('what names an Encounter that is not signed yet is its entry, of every type, oldest first', () => {
  const loose = { ...allergy, id: 'b', encounter: undefined };
  const view = opened([allergy, medicine, task, loose]).view('openNotes');
  expect(view.map(({ encounterId, entry }) => [encounterId, entry.source.key])).toEqual([
    ['open', 'MedicationStatement/m'],
    ['open', 'AllergyIntolerance/a'],
    ['open', 'Task/t'],
  ]);
});

test('once it is signed there is none; until then the journal shows them by themselves', () => {
  expect(opened([allergy, medicine]).view('journal')).toHaveLength(2);
  const signed = { resourceType: 'Encounter', id: 'open', status: 'finished', class: { code: 'AMB' } };
  expect(opened([allergy, medicine, signed]).view('openNotes')).toEqual([]);
});

test('a note that was reopened keeps what was recorded meanwhile: its Encounter was taken back, the entries were not', () => {
  const takenBack = {
    resourceType: 'Encounter',
    id: 'open',
    status: 'entered-in-error',
    class: { code: 'AMB' },
  };
  const view = opened([allergy, medicine, takenBack]).view('openNotes');
  expect(view.map(({ encounterId, entry }) => [encounterId, entry.source.key])).toEqual([
    ['open', 'MedicationStatement/m'],
    ['open', 'AllergyIntolerance/a'],
  ]);
});

test('the signed note names them under their headings, tasks apart', () => {
  const recorded = opened([allergy, medicine, task])
    .view('openNotes')
    .map(({ entry }) => entry);
  const edited = editedConsultation(newNote('open'), [], { switchedOff: [] }, () => 'id', recorded);
  expect(edited.topics[0]?.headings).toEqual([
    {
      heading: 'Medication',
      lines: [{ kind: 'existing', reference: 'MedicationStatement/m', display: 'Ibuprofen' }],
    },
    {
      heading: 'Allergy',
      lines: [{ kind: 'existing', reference: 'AllergyIntolerance/a', display: 'Doxycycline' }],
    },
  ]);
});
