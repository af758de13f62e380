import type { Basic } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import {
  hideTemplate,
  masterSystemWords,
  namePrescribingSystem,
  noLongerInForce,
  readPracticeSettings,
  switchedOffWords,
  switchOff,
} from '../../../../domain/record/practice-setting.ts';
import type { RecordEdit } from '../../../../domain/record/record-edit.ts';
import { validate } from '../../../../record-service/validation/validate.ts';

const context = {
  author: { practitionerId: 'p1', name: 'Dr Okafor' },
  recorded: '2026-11-22T10:00:00+00:00',
};
const basic = ({ after }: RecordEdit): Basic => JSON.parse(JSON.stringify(after)) as Basic;

describe('a check that is switched off', () => {
  const off = switchOff('s1', 'rule:news2', 'band of pulse wrong', context);

  it('says what, why, who and when, and is valid R4 about no patient', () => {
    expect(readPracticeSettings([basic(off)]).switchedOff).toEqual([
      {
        id: 's1',
        target: 'rule:news2',
        reason: 'band of pulse wrong',
        by: 'Dr Okafor',
        since: '2026-11-22T10:00:00+00:00',
      },
    ]);
    expect(validate(off.after).errors).toEqual([]);
    expect(off.after).not.toHaveProperty('subject');
  });

  it('names its reason where the result would stand, and nothing else is off', () => {
    const settings = readPracticeSettings([basic(off)]);
    expect(switchedOffWords(settings, 'rule:news2')).toBe('This check is switched off: band of pulse wrong');
    expect(switchedOffWords(settings, 'rule:bmi')).toBeNull();
  });

  it('switched off twice is on again only when both are lifted', () => {
    const again = switchOff('s2', 'rule:news2', 'another fault', context);
    const one = noLongerInForce(basic(off), { ...context, recorded: '2026-11-23T10:00:00+00:00' });
    expect(one.kind).toBe('amend');
    expect(switchedOffWords(readPracticeSettings([basic(one), basic(again)]), 'rule:news2')).toBe(
      'This check is switched off: another fault',
    );
    const both = noLongerInForce(basic(again), context);
    expect(readPracticeSettings([basic(one), basic(both)]).switchedOff).toEqual([]);
  });

  it('lifted keeps what it said and names who lifted it', () => {
    const lifted = noLongerInForce(basic(off), {
      author: { practitionerId: 'p2', name: 'Dr Lindqvist' },
      recorded: '2026-11-23T10:00:00+00:00',
    });
    expect(JSON.stringify(lifted.after)).toContain('band of pulse wrong');
    expect(basic(lifted).author?.display).toBe('Dr Lindqvist');
    expect(validate(lifted.after).errors).toEqual([]);
  });
});

it('a built-in template is hidden and shown again', () => {
  const hide = hideTemplate('h', 'general', context);
  expect(readPracticeSettings([basic(hide)]).hidden).toEqual([{ id: 'h', key: 'general' }]);
  expect(readPracticeSettings([basic(noLongerInForce(basic(hide), context))]).hidden).toEqual([]);
  expect(validate(hide.after).errors).toEqual([]);
});

describe('the prescribing system', () => {
  it('is one, under one id, and can be unsaid', () => {
    const named = namePrescribingSystem('EMIS Web', false, context);
    expect(named.kind).toBe('create');
    expect(readPracticeSettings([basic(named)]).prescribing).toEqual({
      id: 'prescribing-system',
      name: 'EMIS Web',
    });
    const unsaid = namePrescribingSystem('', true, context);
    expect(unsaid).toMatchObject({ kind: 'amend', after: { id: 'prescribing-system' } });
    expect(readPracticeSettings([basic(unsaid)]).prescribing).toBeNull();
  });
});

it('what is no setting of ours is passed over', () => {
  expect(readPracticeSettings([{ resourceType: 'Basic', id: 'x', code: { text: 'Adverse event' } }])).toEqual(
    { switchedOff: [], hidden: [], prescribing: null },
  );
});

describe('over every medication list (H-040)', () => {
  it('names the system that prescribes, of when the copy is, and that it is not for issuing', () => {
    expect(masterSystemWords({ prescribing: { id: 'p', name: 'EMIS Web' } }, '10:32')).toBe(
      'Prescribing is done in EMIS Web; this list is a copy of 10:32. Not for issuing.',
    );
  });

  it('says so where nobody named it, or the time is not known', () => {
    expect(masterSystemWords({ prescribing: null }, null)).toBe(
      'Prescribing is done in another system, not named here; this list is a copy of an unknown time. Not for issuing.',
    );
  });
});
