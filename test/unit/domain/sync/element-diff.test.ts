import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { elementDiff, threeWayMerge } from '../../../../domain/sync/element-diff.ts';

const mobile = { system: 'phone', value: '07700900001', use: 'mobile' };
const home = { system: 'phone', value: '01632960001', use: 'home' };
const work = { system: 'phone', value: '01632960002', use: 'work' };
const patient = { resourceType: 'Patient', id: 'p', telecom: [mobile, home], gender: 'female' };

describe('differences by element identity', () => {
  it('names the element, never its place in the array', () => {
    const after = { ...patient, telecom: [{ ...home, use: 'work' }, mobile] };
    expect(elementDiff(patient, after).map((change) => change.path)).toEqual([
      'telecom[phone|01632960001].use',
      'telecom[order]',
    ]);
  });

  it('says nothing about what the service writes', () => {
    const stored = { ...patient, meta: { versionId: '3', lastUpdated: '2026-01-01T00:00:00Z' } };
    expect(elementDiff(stored, patient)).toEqual([]);
  });

  it('knows names by use and coded elements by code', () => {
    const before = {
      name: [{ use: 'official', family: 'Smith' }],
      code: { coding: [{ system: 's', code: '1', display: 'a' }] },
    };
    const after = {
      name: [{ use: 'official', family: 'Jones' }],
      code: { coding: [{ system: 's', code: '1', display: 'b' }] },
    };
    expect(elementDiff(before, after).map((change) => change.path)).toEqual([
      'name[use:official].family',
      'code.coding[s|1].display',
    ]);
  });
});

describe('three-way merge', () => {
  it.each([
    ['replace first', true],
    ['remove first', false],
  ])(
    'L1: one replaces the second telephone while the other removes the first (%s): the right one goes',
    (_name, replaceFirst) => {
      const replaced = { ...patient, telecom: [mobile, { ...home, value: '01632960009' }] };
      const removed = { ...patient, telecom: [home] };
      const [theirs, mine] = replaceFirst ? [replaced, removed] : [removed, replaced];
      expect(threeWayMerge(patient, theirs, mine)).toEqual({
        ok: true,
        merged: { ...patient, telecom: [{ ...home, value: '01632960009' }] },
      });
    },
  );

  it('L1: both replace the same telephone: a conflict that names it, never one of the two', () => {
    const mine = { ...patient, telecom: [{ ...mobile, value: '07700900002' }, home] };
    const theirs = { ...patient, telecom: [{ ...mobile, value: '07700900003' }, home] };
    expect(threeWayMerge(patient, theirs, mine)).toEqual({
      ok: false,
      paths: ['telecom[phone|07700900001]'],
    });
  });

  it('L1: one removes the telephone whose use the other corrected: a conflict', () => {
    const mine = { ...patient, telecom: [home] };
    const theirs = { ...patient, telecom: [{ ...mobile, use: 'old' }, home] };
    expect(threeWayMerge(patient, theirs, mine)).toEqual({
      ok: false,
      paths: ['telecom[phone|07700900001]'],
    });
  });

  it('both remove the same telephone: agreed', () => {
    const gone = { ...patient, telecom: [home] };
    expect(threeWayMerge(patient, gone, { ...gone, gender: 'unknown' })).toEqual({
      ok: true,
      merged: { ...gone, gender: 'unknown' },
    });
  });

  it('L2: everything that both sides added is there afterwards', () => {
    const added = (value: string) => ({ system: 'phone', value, use: 'temp' });
    const numbers = fc.uniqueArray(fc.stringMatching(/^0[0-9]{4}$/), { maxLength: 12 });
    fc.assert(
      fc.property(numbers, numbers, (mine, theirs) => {
        const merge = threeWayMerge(
          patient,
          { ...patient, telecom: [...patient.telecom, ...theirs.map(added)] },
          { ...patient, telecom: [...patient.telecom, ...mine.map(added)] },
        );
        expect(merge.ok).toBe(true);
        const { telecom } = (merge as { merged: typeof patient }).merged;
        expect(telecom.map((one) => one.value).sort()).toEqual(
          [mobile.value, home.value, ...new Set([...mine, ...theirs])].sort(),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('elements without a name of their own are told apart by content, copies kept', () => {
    const base = { note: [{ text: 'a' }, { text: 'a' }] };
    const merge = threeWayMerge(
      base,
      { note: [...base.note, { text: 'b' }] },
      { note: [...base.note, { text: 'c' }] },
    );
    expect(merge).toEqual({
      ok: true,
      merged: { note: [{ text: 'a' }, { text: 'a' }, { text: 'b' }, { text: 'c' }] },
    });
  });

  it('two elements that share a name are never mistaken for each other', () => {
    const twice = [
      { use: 'home', text: 'one' },
      { use: 'home', text: 'two' },
    ];
    const merge = threeWayMerge(
      { address: twice },
      { address: [twice[1]] },
      { address: [twice[0], { use: 'home', text: 'two, corrected' }] },
    );
    expect(merge).toEqual({ ok: true, merged: { address: [{ use: 'home', text: 'two, corrected' }] } });
  });

  it('given names are one value: two spellings are a conflict', () => {
    const name = (given: string[]) => ({ name: [{ use: 'official', given }] });
    expect(threeWayMerge(name(['Jon']), name(['John']), name(['Johan']))).toEqual({
      ok: false,
      paths: ['name[use:official].given'],
    });
  });

  const json = fc.record(
    {
      gender: fc.constantFrom('female', 'male', 'unknown'),
      birthDate: fc.constantFrom('1961', '1961-01', '1961-01-05'),
      active: fc.boolean(),
      telecom: fc.uniqueArray(fc.constantFrom(mobile, home, work, { ...home, use: 'old' }), {
        selector: (one) => one.value,
      }),
    },
    { requiredKeys: [] },
  );

  it('laws: an unchanged side gives way; equal changes agree; the order of arrival decides no element', () => {
    fc.assert(
      fc.property(json, json, json, (base, left, right) => {
        expect(threeWayMerge(base, left, base)).toEqual({ ok: true, merged: left });
        expect(threeWayMerge(base, base, right)).toEqual({ ok: true, merged: right });
        expect(threeWayMerge(base, left, left)).toEqual({ ok: true, merged: left });
        const one = threeWayMerge(base, left, right);
        const other = threeWayMerge(base, right, left);
        expect(one.ok).toBe(other.ok);
        if (one.ok && other.ok) expect(unordered(one.merged)).toEqual(unordered(other.merged));
      }),
      { numRuns: 500 },
    );
  });
});

function unordered(value: unknown): unknown {
  const { telecom, ...rest } = value as { telecom?: { value: string }[] };
  return { ...rest, telecom: [...(telecom ?? [])].sort((a, b) => (a.value < b.value ? -1 : 1)) };
}
