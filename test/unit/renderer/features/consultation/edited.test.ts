import { describe, expect, it } from 'vitest';
import type { ConsultationTemplate } from '../../../../../domain/clinical/template.ts';
import {
  editedConsultation,
  followUpTasks,
  questionnaireLines,
} from '../../../../../renderer/features/consultation/edited.ts';
import {
  checkLine,
  namesMedicines,
} from '../../../../../renderer/features/consultation/medicines-of-note.ts';
import { newNote, resumedNote } from '../../../../../renderer/features/consultation/new-note.ts';
import { emptyLine, wordsOf } from '../../../../../renderer/features/consultation/note.ts';
import {
  withoutLast,
  withSet,
  withTemplate,
} from '../../../../../renderer/features/consultation/templates.ts';
import { setOf } from '../../../../../renderer/features/observations/index.ts';

const template: ConsultationTemplate = {
  key: 'own-1',
  label: 'Sepsis',
  version: '4',
  sections: [
    {
      heading: 'Examination',
      items: [
        { kind: 'observations', keys: ['pulse', 'news2'] },
        { kind: 'text', key: 'skin', label: 'Skin' },
      ],
    },
  ],
};
const newId = () => 'id';
const allOn = { switchedOff: [] };

describe('a template taken into a note', () => {
  it('is named with its version, once, in the newest that was taken', () => {
    const once = withTemplate(newNote(), template, newId);
    const twice = withTemplate(once, { ...template, version: '5' }, newId);
    expect(once.templates).toEqual([{ key: 'own-1', label: 'Sepsis', version: '4' }]);
    expect(twice.templates).toEqual([{ key: 'own-1', label: 'Sepsis', version: '5' }]);
    expect(editedConsultation(twice, [], allOn, newId).templates).toEqual(twice.templates);
  });

  it('asks for NEWS2 where it names it', () => {
    expect(withTemplate(newNote(), template, newId)).toMatchObject({ news2: true, boxes: ['pulse'] });
  });
});

describe('the answer to a question of a template', () => {
  const asked = { words: 'Risk to or from others; children at home', choices: [] };
  const line = { ...emptyLine('l', 'History'), prompt: asked };
  const asthma = { code: '195967001', term: 'Asthma', kind: 'disorder' };

  it('is signed with its question', () => {
    const note = { ...newNote(), lines: [{ ...line, text: 'none' }] };
    expect(editedConsultation(note, [], allOn, newId).topics[0]?.headings[0]?.lines).toEqual([
      { kind: 'text', text: 'Risk to or from others; children at home: none' },
    ]);
    const coded = { ...newNote(), lines: [{ ...line, code: asthma, text: 'Asthma' }] };
    expect(editedConsultation(coded, [], allOn, newId).topics[0]?.headings[0]?.lines).toMatchObject([
      { kind: 'coded', entry: { concept: { text: 'Asthma' }, text: asked.words } },
    ]);
  });

  it('has it once, and an unanswered one says nothing', () => {
    expect(wordsOf({ ...line, text: `${asked.words}: none` })).toBe(`${asked.words}: none`);
    expect(wordsOf({ ...line, prompt: { ...asked, words: 'Any fever?' }, text: 'no' })).toBe('Any fever? no');
    expect(wordsOf(line)).toBe('');
    expect(wordsOf({ ...emptyLine('m', 'Plan'), text: ' rest ' })).toBe('rest');
  });

  it('stands in the task that it makes', () => {
    const plan = {
      ...emptyLine('p', 'Plan'),
      prompt: { words: 'Repeat bloods', choices: [] },
      text: 'in 2/52',
    };
    const context = {
      patientId: 'p',
      author: { practitionerId: 'd', name: 'Dr A' },
      recorded: '2026-11-22T10:00:00+00:00',
      newId,
    };
    expect(followUpTasks({ ...newNote(), lines: [plan] }, context)[0]?.after).toMatchObject({
      description: 'Follow up: Repeat bloods: in 2/52',
    });
  });
});

describe('a template or set taken out again', () => {
  const begun = { ...newNote(), lines: [{ ...emptyLine('mine', 'History'), text: 'tired' }] };
  const other: ConsultationTemplate = {
    key: 'own-2',
    label: 'Mood',
    version: '1',
    sections: [
      {
        heading: 'History',
        items: [
          { kind: 'text', key: 'sleep', label: 'Sleep' },
          { kind: 'questionnaire', questionnaire: 'phq9' },
          { kind: 'reminder', words: 'Ask about risk' },
        ],
      },
    ],
  };

  it('leaves the note as it was, name included', () => {
    const { taken, templates, ...back } = withoutLast(withTemplate(begun, template, newId), newId);
    expect(back).toEqual(begun);
    expect([taken, templates]).toEqual([[], []]);
    const { taken: none, templates: names, ...again } = withoutLast(withTemplate(begun, other, newId), newId);
    expect([again, none, names]).toEqual([begun, [], []]);
  });

  it('goes one step at a time, and a second template leaves the questions of the first', () => {
    let ids = 0;
    const next = () => `id-${(ids += 1)}`;
    const both = withTemplate(withTemplate(begun, template, next), other, next);
    expect(both.lines.map(({ prompt }) => prompt?.words)).toEqual([undefined, 'Skin', 'Sleep']);
    const one = withoutLast(both, next);
    expect(one.templates).toMatchObject([{ key: 'own-1' }]);
    expect(one.lines.map(({ prompt }) => prompt?.words)).toEqual([undefined, 'Skin']);
    expect(one.boxes).toEqual(['pulse']);
    expect(withoutLast(one, next).lines).toEqual(begun.lines);
  });

  it('keeps what was written, typed or answered, and then its name', () => {
    const note = withTemplate(begun, template, newId);
    const written = {
      ...note,
      lines: note.lines.map((line) => (line.prompt ? { ...line, text: 'dry' } : line)),
    };
    expect(withoutLast(written, newId)).toMatchObject({
      templates: [{ key: 'own-1' }],
      lines: [{ text: 'tired' }, { text: 'dry' }],
      boxes: [],
    });
    const typed = { ...note, observations: { ...note.observations, texts: { pulse: '72' } } };
    expect(withoutLast(typed, newId)).toMatchObject({
      templates: [{ key: 'own-1' }],
      boxes: ['pulse'],
      news2: true,
      lines: [{ text: 'tired' }],
    });
    const asked = withTemplate(begun, other, newId);
    const answered = { ...asked, questionnaires: { phq9: [3] } };
    expect(withoutLast(answered, newId)).toMatchObject({
      questionnaires: { phq9: [3] },
      reminders: ['Ask about risk'],
      templates: [{ key: 'own-2' }],
    });
  });

  it('never drops a value that was typed when another set is taken', () => {
    const acute = withSet(begun, setOf('full'));
    const typed = { ...acute, observations: { ...acute.observations, texts: { waist: '90' } } };
    expect(withSet(typed, null)).toMatchObject({ boxes: ['waist'], news2: true });
    expect(withoutLast(withSet(typed, null), newId).boxes).toEqual(acute.boxes);
    expect(withoutLast(typed, newId).boxes).toEqual(['waist']);
    expect(withoutLast(acute, newId)).toMatchObject({ boxes: [], news2: false, taken: [] });
  });
});

describe('a questionnaire whose score is switched off', () => {
  const answers = [3, 3, 3, 3, 3, 3, 3, 3, 1];
  const note = { ...newNote(), questionnaires: { phq9: answers } };

  it('keeps the answers, the reason and the alert of an answer; no total', () => {
    const [on] = questionnaireLines(note, allOn);
    expect(on).toMatch(/25 of 27: severe/);
    const [off] = questionnaireLines(note, {
      switchedOff: [{ id: 's', target: 'rule:phq9', reason: 'bands wrong', by: 'Dr B', since: '2026-11-22' }],
    });
    expect(off).toContain('PHQ-9 without a total. This check is switched off: bands wrong (items 1: 3');
    expect(off).not.toMatch(/25|severe/);
    expect(off?.split('). ')[1]).toBe(on?.split('). ')[1]);
  });
});

describe('lines that name medicines', () => {
  const line = (heading: Parameters<typeof emptyLine>[1], text: string) => ({
    ...emptyLine('l', heading),
    text,
  });

  it('are those under Medication, and coded medicines anywhere', () => {
    expect(namesMedicines(line('Medication', 'amoxicillin'))).toBe(true);
    expect(namesMedicines(line('Medication', ' '))).toBe(false);
    expect(namesMedicines(line('Plan', 'amoxicillin'))).toBe(false);
    const code = { code: '372687004', term: 'Amoxicillin', kind: 'substance' };
    expect(namesMedicines({ ...line('Plan', ''), code })).toBe(true);
  });

  it('are read with their code', () => {
    const code = { code: '372687004', term: 'Amoxicillin', kind: 'substance' };
    const record = { allergies: [], completeness: { dataAsOf: null } } as unknown as Parameters<
      typeof checkLine
    >[1];
    expect(checkLine({ ...line('Plan', '500mg tds'), code }, record)).toMatchObject({
      read: ['amoxicillin'],
    });
  });
});

it('a draft of an earlier build keeps who came with the child', () => {
  const { companions } = resumedNote(JSON.stringify({ ...newNote(), accompaniedBy: 'Jane Smith, mother' }));
  expect(companions).toMatchObject([{ role: 'accompanied', relation: '', name: 'Jane Smith, mother' }]);
});
