import { describe, expect, it } from 'vitest';
import { attentionItems } from '../../../../domain/sync/attention.ts';
import { changeWords, conflictSentence } from '../../../../domain/sync/clinical-sentence.ts';
import type { ResourceJson } from '../../../../domain/sync/operation.ts';
import { signedOperation, theGp } from '../../../support/signed-operation.ts';

const medicine = (elements: object): ResourceJson => ({
  resourceType: 'MedicationRequest',
  id: 'm',
  status: 'active',
  medicationCodeableConcept: { text: 'Ramipril' },
  dosageInstruction: [{ text: '2.5 mg once a day' }],
  ...elements,
});
const raised = medicine({ dosageInstruction: [{ text: '5 mg once a day' }] });
const stopped = medicine({ status: 'stopped', requester: { display: 'Dr Piotr Zielinski' } });
const diff = [
  {
    path: 'dosageInstruction[={"text":"2.5 mg once a day"}]',
    before: { text: '2.5 mg once a day' },
    after: undefined,
  },
  {
    path: 'dosageInstruction[={"text":"5 mg once a day"}]',
    before: undefined,
    after: { text: '5 mg once a day' },
  },
];
const mine = signedOperation('raise', {
  kind: 'amend',
  resource: 'MedicationRequest/m',
  baseVersion: 1,
  after: raised,
  diff,
  author: { ...theGp, name: 'Ruth Ellison', role: 'nurse' },
});

describe('what met, in words', () => {
  it('tells of a template and of a setting of the practice', () => {
    const template = { resourceType: 'Questionnaire', id: 'q', status: 'active', title: 'Ankle' };
    expect(changeWords(template, { ...template, version: '2' })).toBe('changed the template Ankle');
    expect(changeWords(template, { ...template, status: 'retired' })).toBe('withdrew the template Ankle');
    const setting = { resourceType: 'Basic', id: 'b', code: { text: 'Prescribing system' } };
    expect(changeWords(null, setting)).toBe('recorded the setting of the practice Prescribing system');
  });

  it('says who did what: one stopped it, the other raised the dose', () => {
    const sentence = conflictSentence({
      mine: { author: mine.operation.author, operation: mine.operation },
      theirs: { author: 'Dr Piotr Zielinski', resource: stopped },
      rule: 'medication-never-merged',
    });
    expect(sentence).toBe(
      'Dr Piotr Zielinski stopped Ramipril; the nurse Ruth Ellison raised the dose of Ramipril from "2.5 mg once a day" to "5 mg once a day".',
    );
  });

  it('names whom the service names, with the role, and tells it beside the versions', () => {
    const standing = {
      name: 'Dr David McAvenue',
      role: 'locum',
      organisation: 'A99999',
      recordedAt: '2026-11-22T09:00:00+00:00',
    };
    const items = attentionItems({
      journal: [],
      waiting: [],
      holds: new Map(),
      openConflicts: {
        told: [
          {
            conflictId: 'c',
            rule: 'medication-never-merged',
            raisedAt: '2026-11-22T10:00:00Z',
            losing: mine,
            currentVersion: 2,
            current: stopped,
            standing,
          },
        ],
        open: new Set(['c']),
      },
      findings: [],
      softConflicts: new Set(),
      closed: new Set(),
    });
    expect(items[0]?.sentence).toMatch(
      /^The locum Dr David McAvenue stopped Ramipril; the nurse Ruth Ellison/,
    );
    expect(items[0]?.theirs).toMatchObject({
      author: 'Dr David McAvenue',
      role: 'locum',
      organisation: 'A99999',
      recordedAt: '2026-11-22T09:00:00+00:00',
    });
  });

  it('never says that whoever once recorded an entry did what somebody else did to it', () => {
    const recorder = { requester: { display: 'Dr David McAvenue' } };
    const sentence = conflictSentence({
      mine: {
        author: mine.operation.author,
        operation: { ...mine.operation, after: { ...raised, ...recorder } },
      },
      theirs: { author: 'Dr David McAvenue', resource: medicine({ status: 'stopped', ...recorder }) },
      rule: 'medication-never-merged',
    });
    expect(sentence).toMatch(/^A colleague stopped Ramipril; the nurse Ruth Ellison/);
  });

  it('says less where it knows less, never something else', () => {
    expect(changeWords(null, { resourceType: 'Library', id: 'b' })).toBe('recorded an entry');
    expect(changeWords(medicine({}), null)).toBe('deleted Ramipril');
    expect(changeWords(medicine({}), medicine({ note: [{ text: 'x' }] }))).toBe('changed Ramipril');
  });

  it('L13 L17: a conflict is one item with both versions, what differs, the rule, and the choices of its kind', () => {
    const items = attentionItems({
      journal: [
        {
          signed: mine,
          settlement: {
            epoch: 'e',
            durable: true,
            outcome: {
              opId: mine.operation.opId,
              outcome: 'conflict',
              conflictId: 'c1',
              rule: 'medication-never-merged',
              currentVersion: 2,
              current: stopped,
            },
          },
        },
      ],
      waiting: [],
      holds: new Map(),
      openConflicts: null,
      findings: [],
      softConflicts: new Set(),
      closed: new Set(),
    });
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      itemId: 'c1',
      kind: 'conflict',
      choices: ['keep-mine', 'keep-theirs', 'keep-both'],
      mine: { author: 'Ruth Ellison' },
      theirs: { author: 'Dr Piotr Zielinski' },
    });
    expect(items[0]?.differences.map((difference) => difference.path)).toContain('status');
    expect(items[0]?.rule).toMatch(/counts as current for nobody/);
  });

  it('L29: a colleague’s change between is shown although the base was fresh', () => {
    const input = {
      journal: [
        {
          signed: mine,
          settlement: {
            epoch: 'e',
            durable: true,
            outcome: { opId: mine.operation.opId, outcome: 'applied', version: 3 } as const,
          },
        },
      ],
      waiting: [],
      holds: new Map(),
      openConflicts: { told: [], open: new Set<string>() },
      findings: [],
      softConflicts: new Set(['raise']),
      closed: new Set<string>(),
    };
    expect(attentionItems(input).map((item) => item.kind)).toEqual(['soft-conflict']);
    expect(attentionItems({ ...input, closed: new Set(['soft:raise']) })).toEqual([]);
  });
});
