import { describe, expect, it } from 'vitest';
import type { ResourceKey } from '../../../../domain/identifiers.ts';
import { decide, type PolicyInput, type StandingVersion } from '../../../../domain/sync/conflict-policy.ts';
import type { Author, OperationKind, ResourceJson } from '../../../../domain/sync/operation.ts';

const author = {
  userId: 'gp',
  role: 'gp',
  name: 'Dr Okafor',
  practitionerId: 'x',
  organisation: 'A99999',
} as unknown as Author;

function input(
  kind: OperationKind,
  after: ResourceJson,
  base: StandingVersion | null,
  current: StandingVersion | null,
  extra: Partial<Pick<PolicyInput, 'settlesOpenConflict'>> = {},
): PolicyInput {
  return {
    operation: {
      kind,
      after,
      author,
      resource: `${after.resourceType}/${after.id}` as ResourceKey,
    },
    base,
    current,
    previousConflicted: false,
    settlesOpenConflict: false,
    ...extra,
  };
}

const resource = (resourceType: string, elements: object = {}): ResourceJson => ({
  resourceType,
  id: '1',
  ...elements,
});
const version = (number: number, content: ResourceJson | null, by = 'nurse'): StandingVersion => ({
  version: number,
  resource: content,
  author: by,
});

describe('conflict policy', () => {
  it('a new resource is written; the same again is no new version', () => {
    const made = resource('Observation', { status: 'final' });
    expect(decide(input('create', made, null, null))).toEqual({ kind: 'write', resource: made });
    expect(decide(input('create', made, null, version(1, made)))).toEqual({
      kind: 'keep',
      version: 1,
      rule: 'same-content',
    });
  });

  it('a creation never overwrites what stands', () => {
    for (const type of ['Observation', 'AllergyIntolerance', 'Patient', 'Task', 'Composition', 'CarePlan']) {
      const decision = decide(
        input(
          'create',
          resource(type, { status: 'final' }),
          null,
          version(1, resource(type, { status: 'other' })),
        ),
      );
      expect(decision.kind, type).toBe('conflict');
    }
  });

  it('what is not known cannot be changed', () => {
    expect(decide(input('amend', resource('Flag'), null, null))).toMatchObject({
      kind: 'reject',
      code: 'unknown-base',
    });
  });

  it('L12 L13: an edit of a deleted resource is a conflict, never a resurrection and never dropped', () => {
    const edit = resource('Condition', { note: [{ text: 'mine' }] });
    expect(decide(input('amend', edit, version(1, resource('Condition')), version(2, null)))).toMatchObject({
      kind: 'conflict',
      rule: 'deleted-while-edited',
    });
  });

  it('L12: a person’s decision puts it back or leaves it deleted, once, while the question is open', () => {
    const mine = resource('Condition', { note: [{ text: 'mine' }] });
    const decided = (kind: OperationKind, open: boolean) =>
      decide({
        ...input(kind, mine, version(1, resource('Condition')), version(2, null), {
          settlesOpenConflict: true,
        }),
        settlesOpenConflict: open,
      });
    expect(decided('correct', true)).toMatchObject({
      kind: 'write',
      resource: mine,
      rule: 'deleted-while-edited',
    });
    expect(decided('void', true)).toMatchObject({ kind: 'keep', version: 2, rule: 'deleted-while-edited' });
    // A colleague decided first: this decision may not overrule theirs in silence.
    expect(decided('correct', false)).toMatchObject({ kind: 'conflict', rule: 'deleted-while-edited' });
  });

  it('a second edit conflicts with its first', () => {
    const edit = resource('Condition', { note: [{ text: 'mine' }] });
    expect(
      decide({ ...input('amend', edit, null, version(2, resource('Condition'))), previousConflicted: true }),
    ).toMatchObject({ kind: 'conflict', rule: 'previous-operation-conflicted' });
  });

  it.each([
    ['AllergyIntolerance', 'safety-list-never-merged'],
    ['Condition', 'safety-list-never-merged'],
    ['Flag', 'safety-list-never-merged'],
    ['MedicationRequest', 'medication-never-merged'],
    ['MedicationStatement', 'medication-never-merged'],
    ['CarePlan', 'changed-meanwhile'],
  ])('L18: a stale edit of a %s is never merged', (type, rule) => {
    const base = version(1, resource(type, { a: 1 }));
    const current = version(2, resource(type, { a: 2 }));
    expect(decide(input('amend', resource(type, { b: 1 }), base, current))).toMatchObject({
      kind: 'conflict',
      rule,
    });
    expect(decide(input('amend', resource(type, { b: 1 }), current, current)).kind).toBe('write');
    expect(decide(input('void', resource(type, { b: 1 }), base, current)).kind).toBe('conflict');
  });

  describe('append-only', () => {
    const final = resource('Observation', { status: 'final', value: 1 });

    it('is corrected by status, never overwritten', () => {
      const one = version(1, final);
      const overwrite = { ...final, value: 2 };
      expect(decide(input('amend', overwrite, one, one))).toMatchObject({
        kind: 'conflict',
        rule: 'append-only',
      });
      expect(decide(input('correct', { ...overwrite, status: 'corrected' }, one, one))).toMatchObject({
        kind: 'write',
        rule: 'status-correction',
      });
      const preliminary = version(1, { ...final, status: 'preliminary' });
      expect(decide(input('amend', overwrite, preliminary, preliminary)).kind).toBe('write');
    });

    it('an error mark holds over a colleague’s correction, whose words stay', () => {
      const corrected = { ...final, status: 'corrected', value: 3 };
      const decision = decide(
        input('void', { ...final, status: 'entered-in-error' }, version(1, final), version(2, corrected)),
      );
      expect(decision).toEqual({
        kind: 'write',
        resource: { ...corrected, status: 'entered-in-error' },
        rule: 'status-correction',
      });
    });

    it('two corrections of one version are a conflict', () => {
      const mine = { ...final, status: 'corrected', value: 2 };
      const theirs = { ...final, status: 'corrected', value: 3 };
      expect(decide(input('correct', mine, version(1, final), version(2, theirs))).kind).toBe('conflict');
    });
  });

  describe('narrative', () => {
    const signed = resource('Composition', { status: 'final', section: [{ title: 'Plan' }] });

    it('signed words are immutable: a later edit becomes an addendum, fresh or stale', () => {
      const edit = { ...signed, section: [{ title: 'Plan' }, { title: 'Comment' }] };
      const later = version(2, { ...signed, title: 'x' });
      for (const base of [version(1, signed), later]) {
        expect(decide(input('amend', edit, base, later))).toMatchObject({
          kind: 'addendum',
          version: 2,
          rule: 'signed-narrative-addendum',
        });
      }
    });

    it('marked as an error, the words stay and only the status moves', () => {
      const blank = resource('Composition', { status: 'entered-in-error' });
      expect(decide(input('void', blank, version(1, signed), version(1, signed)))).toEqual({
        kind: 'write',
        resource: { ...signed, status: 'entered-in-error' },
      });
    });

    it('a finished encounter is not changed', () => {
      const finished = resource('Encounter', { status: 'finished' });
      const one = version(1, finished);
      expect(decide(input('amend', { ...finished, reason: 'x' }, one, one))).toMatchObject({
        kind: 'conflict',
      });
    });

    it('a draft belongs to its author', () => {
      const draft = resource('Composition', { status: 'preliminary' });
      const edit = { ...draft, title: 'x' };
      const theirs = version(1, draft, 'nurse');
      const own = version(1, draft, 'gp');
      expect(decide(input('amend', edit, theirs, theirs))).toMatchObject({ rule: 'draft-of-another-author' });
      expect(decide(input('amend', edit, own, own)).kind).toBe('write');
    });
  });

  describe('demographics', () => {
    const patient = resource('Patient', {
      birthDate: '1961',
      gender: 'female',
      telecom: [{ system: 'phone', value: '1' }],
    });

    it('changes of different elements merge, of the same element conflict', () => {
      const theirs = version(2, { ...patient, gender: 'unknown' });
      expect(
        decide(
          input(
            'amend',
            { ...patient, telecom: [{ system: 'phone', value: '2' }] },
            version(1, patient),
            theirs,
          ),
        ),
      ).toEqual({
        kind: 'write',
        resource: { ...patient, gender: 'unknown', telecom: [{ system: 'phone', value: '2' }] },
        rule: 'demographics-disjoint',
      });
      expect(decide(input('amend', { ...patient, gender: 'male' }, version(1, patient), theirs))).toEqual({
        kind: 'conflict',
        rule: 'demographics-same-element',
        paths: ['gender'],
      });
    });

    it('what the Personal Demographics Service owns is read-only once the number is verified', () => {
      const verified = {
        ...patient,
        identifier: [
          {
            system: 'https://fhir.nhs.uk/Id/nhs-number',
            value: '9990000018',
            extension: [
              { url: 'x', valueCodeableConcept: { coding: [{ code: 'number-present-and-verified' }] } },
            ],
          },
        ],
      };
      const one = version(1, verified);
      expect(decide(input('amend', { ...verified, birthDate: '1962' }, one, one))).toMatchObject({
        rule: 'pds-owned-element',
        paths: ['birthDate'],
      });
      expect(decide(input('amend', { ...verified, gender: 'male' }, one, one)).kind).toBe('write');
      const two = version(1, patient);
      expect(decide(input('amend', { ...patient, birthDate: '1962' }, two, two)).kind).toBe('write');
    });
  });

  describe('workflow', () => {
    const task = (status: string, elements: object = {}): ResourceJson =>
      resource('Task', { status, ...elements });

    it('refuses an illegal move, fresh or stale', () => {
      const done = version(2, task('completed'));
      for (const base of [done, version(1, task('requested'))]) {
        expect(decide(input('amend', task('in-progress'), base, done))).toMatchObject({
          kind: 'conflict',
          rule: 'workflow-illegal-transition',
        });
      }
    });

    it('judges a late move from where the work stands now, and keeps the colleague’s words', () => {
      const decision = decide(
        input(
          'amend',
          task('completed'),
          version(1, task('requested')),
          version(2, task('in-progress', { note: [{ text: 'rang' }] })),
        ),
      );
      expect(decision).toEqual({
        kind: 'write',
        resource: task('completed', { note: [{ text: 'rang' }] }),
        rule: 'workflow-transition',
      });
    });
  });

  it('a visit ended by a slip is taken back by a correction of that very version, and by nothing else', () => {
    const visit = (status: string): ResourceJson => resource('Appointment', { status });
    const left = version(3, visit('fulfilled'));
    expect(decide(input('correct', visit('checked-in'), left, left))).toEqual({
      kind: 'write',
      resource: visit('checked-in'),
    });
    expect(decide(input('amend', visit('checked-in'), left, left)).kind).toBe('conflict');
    const stale = version(2, visit('arrived'));
    expect(decide(input('correct', visit('checked-in'), stale, left)).kind).toBe('conflict');
  });

  it('a person’s choice settles a conflict where the rules would not', () => {
    const final = version(2, resource('Observation', { status: 'final', value: 1 }));
    const choice = resource('Observation', { status: 'final', value: 2 });
    expect(decide(input('correct', choice, final, final, { settlesOpenConflict: true }))).toEqual({
      kind: 'write',
      resource: choice,
    });
    // A name settles nothing once the question is answered, or where it was never asked: the rules hold again.
    const signed = version(2, resource('Composition', { status: 'final', title: 'as signed' }));
    const verified = {
      url: 'verification',
      valueCodeableConcept: { coding: [{ code: 'number-present-and-verified' }] },
    };
    const nhsNumber = {
      system: 'https://fhir.nhs.uk/Id/nhs-number',
      value: '9000000009',
      extension: [verified],
    };
    const traced = version(2, resource('Patient', { birthDate: '1961-01-05', identifier: [nhsNumber] }));
    const visit = version(2, resource('Appointment', { status: 'cancelled' }));
    for (const [standing, elements, kind] of [
      [signed, { title: 'another' }, 'addendum'],
      [traced, { birthDate: '1962-01-05' }, 'conflict'],
      [visit, { status: 'booked' }, 'conflict'],
      [final, { status: 'final', value: 3 }, 'conflict'],
    ] as const) {
      const after = { ...standing.resource, ...elements } as ResourceJson;
      const named = input('amend', after, standing, standing, { settlesOpenConflict: true });
      expect(decide({ ...named, settlesOpenConflict: false }).kind, after.resourceType).toBe(kind);
      expect(decide(named).kind, after.resourceType).toBe('write');
    }
    // Not if the ground moved again meanwhile.
    expect(
      decide(
        input('correct', choice, version(1, resource('Observation')), final, { settlesOpenConflict: true }),
      ).kind,
    ).toBe('conflict');
  });
});
