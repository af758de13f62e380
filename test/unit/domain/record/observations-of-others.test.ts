import { describe, expect, it } from 'vitest';
import { opened } from './fixtures.ts';

const snomed = (code: string) => ({ coding: [{ system: 'http://snomed.info/sct', code }] });

/** One observation as the results show it and as the graph takes it. */
function read(code: string, valueQuantity: object | undefined, more: object = {}) {
  const record = opened([
    {
      resourceType: 'Observation',
      id: 'o',
      status: 'final',
      code: snomed(code),
      effectiveDateTime: '2026-01-01',
      ...(valueQuantity && { valueQuantity }),
      ...more,
    },
  ]);
  const [row] = record.view('observations');
  const series = record.view('series');
  return {
    kind: row?.kind,
    text: row?.readings[0]?.text,
    threshold: row?.threshold,
    plotted: series.flatMap(({ points }) => points.map(({ value }) => value)),
    journal: record.view('journal').length,
  };
}

describe('observations of other systems', () => {
  it('a height in metres is shown as converted, and drawn in centimetres', () => {
    expect(read('50373000', { value: 1.829, unit: 'm' })).toMatchObject({
      text: '182.9 cm (recorded as 1.829 m)',
      plotted: [182.9],
    });
  });

  it('an unknown unit, or none, is shown as given and not drawn', () => {
    expect(read('27113001', { value: 80, unit: 'Banana' })).toMatchObject({ text: '80 Banana', plotted: [] });
    expect(read('27113001', { value: 80 })).toMatchObject({ text: '80', plotted: [] });
  });

  it('units that mean the same are one', () => {
    expect(read('364075005', { value: 72, unit: 'beats/min', code: '{beats}/min' })).toMatchObject({
      kind: 'pulse',
      text: '72 per minute',
      plotted: [72],
    });
    expect(read('703421000', { value: 37.1, unit: 'degC', code: 'Cel' })).toMatchObject({
      kind: 'temperature',
      plotted: [37.1],
    });
  });

  it.each(['/d', '{cigarettes}/d', 'cigarettes/day'])(
    '350 cigarettes (%s) are shown and not drawn',
    (unit) => {
      const shown = read('230056004', { value: 350, unit, code: unit });
      expect(shown.text).toContain('350');
      expect(shown.plotted).toEqual([]);
    },
  );

  it('a comparator is kept and not drawn as if it were exact', () => {
    expect(read('999791000000106', { value: 10, comparator: '<', unit: 'mmol/mol' })).toMatchObject({
      text: '<10 mmol/mol',
      plotted: [],
    });
  });

  it('without a value it stands in the journal', () => {
    expect(read('27113001', undefined)).toMatchObject({ kind: undefined, journal: 1 });
  });

  it.each([
    ['163035008', 'bloodPressure', null],
    ['335661000000109', 'bloodPressureHome', '135/85'],
    ['413153004', 'bloodPressureHome', '135/85'],
    ['2181371000000107', 'bloodPressureAmbulatory', '135/85'],
  ])('a pressure with the header %s is of the kind %s, threshold %s', (header, kind, threshold) => {
    const part = (code: string, value: number) => ({
      code: snomed(code),
      valueQuantity: { value, unit: 'mmHg', code: 'mm[Hg]' },
    });
    expect(
      read(header, undefined, { component: [part('163030003', 132), part('163031004', 81)] }),
    ).toMatchObject({ kind, threshold, text: '132/81 mmHg', plotted: [132] });
  });
});
