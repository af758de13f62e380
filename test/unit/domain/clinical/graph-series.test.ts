import type { Observation } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { graphData, latestTwo } from '../../../../domain/clinical/graph-series.ts';

function observation(
  code: string,
  effectiveDateTime: string | undefined,
  more: Partial<Observation>,
): Observation {
  return {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://snomed.info/sct', code }] },
    ...(effectiveDateTime === undefined ? {} : { effectiveDateTime }),
    ...more,
  };
}

const weight = (day: string | undefined, value: number, unit = 'kg') =>
  observation('27113001', day, { valueQuantity: { value, unit } });
const pressure = (code: string, day: string, systolic?: number, diastolic?: number) =>
  observation(code, day, {
    component: [
      {
        code: { coding: [{ system: 'http://snomed.info/sct', code: '72313002' }] },
        ...(systolic === undefined ? {} : { valueQuantity: { value: systolic, unit: 'mmHg' } }),
      },
      {
        code: { coding: [{ system: 'http://snomed.info/sct', code: '1091811000000102' }] },
        ...(diastolic === undefined ? {} : { valueQuantity: { value: diastolic, unit: 'mmHg' } }),
      },
    ],
  });

describe('graph data', () => {
  it('orders points in time and never mixes units', () => {
    const data = graphData([
      weight('2026-02-01', 80),
      weight('2025-02-01', 78),
      weight('2024', 12, 'st'),
      weight('2023-01-01', 900),
    ]);
    expect(data.series).toMatchObject([
      { key: 'weight', unit: 'kg', points: [{ value: 78 }, { value: 80 }] },
    ]);
    expect(data.notDrawn.map(({ words }) => words)).toEqual(['12 st', '900 kg']);
  });

  it('keeps home and clinic pressures apart, with an open cap where one end is missing', () => {
    const data = graphData([
      pressure('163020007', '2026-01-01', 150, 90),
      pressure('335661000000109', '2026-01-02', 130, 80),
      pressure('163035008', '2026-01-03', 90),
    ]);
    expect(data.pressure.clinic).toMatchObject([
      { systolic: 150, diastolic: 90 },
      { systolic: 90, diastolic: null },
    ]);
    expect(data.pressure.home).toMatchObject([{ systolic: 130, diastolic: 80 }]);
  });

  it('shows what it cannot draw, and leaves out mistakes', () => {
    const data = graphData([
      weight(undefined, 80),
      pressure('163020007', '2026-01-01'),
      observation('27113001', '2026-01-01', { dataAbsentReason: { text: 'Declined' } }),
      { ...weight('2026-01-01', 70), status: 'entered-in-error' },
      observation('195967001', '2026-01-01', {}),
    ]);
    expect(data.series).toEqual([]);
    expect(data.notDrawn.map(({ key, why }) => [key, why])).toEqual([
      ['weight', 'No date'],
      ['bloodPressure', 'No number that can be drawn'],
      ['weight', 'No number'],
    ]);
  });

  it('gives latest, previous and direction', () => {
    const points = graphData([weight('2026-02-01', 80), weight('2025-02-01', 78)]).series[0]?.points ?? [];
    expect(latestTwo(points)).toMatchObject({
      latest: { value: 80 },
      previous: { value: 78 },
      direction: 'up',
    });
    expect(latestTwo(points.slice(1))).toMatchObject({ previous: null, direction: null });
    expect(latestTwo([])).toEqual({ latest: null, previous: null, direction: null });
  });
});
