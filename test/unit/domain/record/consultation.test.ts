import { describe, expect, test } from 'vitest';
import {
  addendumTo,
  signConsultation,
  type EditedConsultation,
} from '../../../../domain/record/consultation.ts';
import { enteredInError, type EditContext, type RecordEdit } from '../../../../domain/record/record-edit.ts';
import type { JournalConsultation } from '../../../../domain/record/record-view.ts';
import { opened, PATIENT } from './fixtures.ts';

function context(): EditContext {
  let made = 0;
  return {
    patientId: PATIENT,
    author: { practitionerId: 'dr-1', name: 'Dr Amara Okafor' },
    organisation: { id: 'org', name: 'The Practice' },
    recorded: '2026-11-22T10:12:00Z',
    newId: () => `new-${(made += 1)}`,
  };
}

const consultation: EditedConsultation = {
  type: 'GP surgery',
  started: '2026-11-22T10:00:00Z',
  circumstances: [{ kind: 'chaperone', text: 'Offered, declined' }],
  sensitive: ['third-party'],
  topics: [
    {
      title: 'Asthma',
      headings: [
        {
          heading: 'Problem',
          lines: [
            {
              kind: 'coded',
              entry: {
                id: 'c1',
                concept: { text: 'Asthma', code: '195967001' },
                as: 'problem',
                episode: 'new',
                problem: { significance: 'significant', status: 'active' },
              },
            },
          ],
        },
        {
          heading: 'History',
          lines: [
            { kind: 'text', text: 'Wheeze at night <2/52 & cough' },
            {
              kind: 'coded',
              entry: { id: 'o1', concept: { text: 'Night cough' }, text: 'worse in cold air', as: 'finding' },
            },
            { kind: 'text', text: 'No smoke at home' },
          ],
        },
        { heading: 'Plan', lines: [{ kind: 'text', text: '  ' }] },
      ],
    },
    { title: '', headings: [{ heading: 'Comment', lines: [{ kind: 'text', text: 'Line one\nline two' }] }] },
  ],
};
const ids = { encounterId: 'e1', compositionId: 'k1' };

function resources(edits: readonly RecordEdit[]): readonly object[] {
  return edits.map(({ after }) => after);
}

function consultations(record: ReturnType<typeof opened>): readonly JournalConsultation[] {
  return record.view('journal').filter((item): item is JournalConsultation => item.kind === 'consultation');
}

describe('a signed consultation', () => {
  const signed = signConsultation(consultation, ids, context());

  test('stands in the journal with topics, headings and lines in the order entered', () => {
    const [shown, ...others] = consultations(opened(resources(signed)));
    expect(others).toEqual([]);
    expect(shown).toMatchObject({
      type: 'GP surgery',
      status: 'signed',
      staff: [{ name: 'Dr Amara Okafor' }],
      organisation: 'The Practice',
      circumstances: [{ label: 'Chaperone', value: 'Offered, declined' }],
      sensitive: ['Third party information'],
    });
    expect(
      shown?.topics.map((topic) => [
        topic.title,
        topic.headings.map((heading) => [
          heading.title,
          heading.lines.map((line) => (line.kind === 'text' ? line.text : `* ${line.entry.text}`)),
        ]),
      ]),
    ).toEqual([
      [
        'Asthma',
        [
          ['Problem', ['* Asthma']],
          ['History', ['Wheeze at night <2/52 & cough', '* Night cough', 'No smoke at home']],
        ],
      ],
      ['', [['Comment', ['Line one', 'line two']]]],
    ]);
    expect(shown?.topics[0]?.problem).toBe('Condition/c1');
  });

  test('is the same for the same input', () => {
    expect(signConsultation(consultation, ids, context())).toEqual(signed);
  });

  test('D9: everything in it names the patient and the encounter', () => {
    for (const { after } of signed) {
      expect(after['subject'] ?? after['patient']).toMatchObject({ reference: `Patient/${PATIENT}` });
      if (after.resourceType !== 'Encounter') {
        expect(after['encounter']).toEqual({ reference: 'Encounter/e1' });
      }
    }
  });

  test('its author keeps the role under which it was signed', () => {
    const asLocum = { ...context(), author: { ...context().author, role: 'Locum general practitioner' } };
    expect(consultations(opened(resources(signConsultation(consultation, ids, asLocum))))).toMatchObject([
      { staff: [{ name: 'Dr Amara Okafor', role: 'Locum general practitioner' }] },
    ]);
  });

  test('its problem is on the problem list, its finding keeps the words beside it', () => {
    const record = opened(resources(signed));
    expect(record.view('problems')).toMatchObject([
      { coded: { text: 'Asthma', code: '195967001' }, status: 'active', significance: 'significant' },
    ]);
    expect(record.view('timeline').find((entry) => entry.text === 'Night cough')?.notes).toEqual([
      'worse in cold air',
    ]);
  });
});

test('an addendum stands with its consultation and not as one of its own', () => {
  const signed = signConsultation(consultation, ids, context());
  const added = addendumTo(
    { compositionId: 'k1', version: 1, encounterId: 'e1' },
    [{ kind: 'text', text: 'Spacer given' }],
    'k2',
    context(),
  );
  const shown = consultations(opened([...resources(signed), ...resources(added)]));
  expect(shown).toHaveLength(1);
  expect(shown[0]?.addenda).toMatchObject([{ text: ['Spacer given'], author: 'Dr Amara Okafor' }]);
});

test('an addendum whose consultation is not here is still shown', () => {
  const added = addendumTo(
    { compositionId: 'gone', version: 1 },
    [{ kind: 'text', text: 'Spacer given' }],
    'k2',
    context(),
  );
  expect(consultations(opened(resources(added)))[0]?.addenda[0]?.text).toEqual(['Spacer given']);
});

test('an entry in error keeps its words, says why, and counts nowhere', () => {
  const [, condition] = signConsultation(consultation, ids, context());
  const wrong = enteredInError(condition?.after ?? { resourceType: '', id: '' }, 'Wrong patient');
  const record = opened([wrong.after]);
  expect(record.record()?.summary.problems).toEqual([]);
  expect(record.view('problems')[0]?.enteredInError).toEqual({ reason: 'Wrong patient' });
  expect(wrong.after['clinicalStatus']).toBeUndefined();
});
