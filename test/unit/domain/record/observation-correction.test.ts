import type { Observation } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { buildObservations } from '../../../../domain/clinical/observation-resources.ts';
import {
  correctableAs,
  correctionsOf,
  correctObservation,
  workedOutFrom,
} from '../../../../domain/record/observation-correction.ts';
import { observationText } from '../../../../domain/record/observation-value.ts';
import type { EditContext } from '../../../../domain/record/record-edit.ts';
import { cached, opened } from './fixtures.ts';

let made = 0;
const newId = () => `id-${++made}`;
const context: EditContext = {
  patientId: 'p1',
  author: { practitionerId: 'dr-1', name: 'Dr Amara Okafor' },
  recorded: '2026-11-22T10:43:00+00:00',
  newId,
};
const number = (written: string) => ({ kind: 'number', written }) as const;

function built(...entered: Parameters<typeof buildObservations>[0]): Observation[] {
  return buildObservations(entered, {
    subject: { reference: 'Patient/p1' },
    performer: [{ reference: 'Practitioner/dr-1' }],
    effective: '2026-11-22T09:00:00+00:00',
    recorded: '2026-11-22T09:01:00+00:00',
    newId,
  });
}

function only(observations: readonly Observation[]): Observation {
  const [observation] = observations;
  if (!observation) throw new Error('nothing was built');
  return observation;
}

describe('an observation corrected by a new version', () => {
  it('takes the new value, keeps time and method, and says what stood there, when, who and why', () => {
    const before = only(built({ key: 'temperature', value: number('37.0'), site: 'mouth' }));
    const { after, kind, reason } = correctObservation(
      before,
      { key: 'temperature', value: number('38.4') },
      'Misread',
      context,
    );
    expect({ kind, reason }).toEqual({ kind: 'correct', reason: 'Misread' });
    const corrected = after as unknown as Observation;
    expect(observationText(corrected)).toBe('38.4 °C');
    expect(corrected).toMatchObject({
      id: before.id,
      status: 'corrected',
      effectiveDateTime: before.effectiveDateTime,
      method: before.method,
    });
    expect(correctionsOf(corrected)).toEqual([
      { was: '37.0 °C', when: context.recorded, author: 'Dr Amara Okafor', reason: 'Misread' },
    ]);
  });

  it('corrects both halves of a pressure and keeps position and arm', () => {
    const before = only(
      built({
        key: 'bloodPressure',
        value: { systolic: number('218'), diastolic: number('76') },
        state: 'standing',
        arm: 'left',
      }),
    );
    const after = correctObservation(
      before,
      { key: 'bloodPressure', value: { systolic: number('128'), diastolic: number('76') } },
      'Typing error',
      context,
    ).after as unknown as Observation;
    expect(observationText(after)).toBe('128/76 mmHg');
    expect(after.code).toEqual(before.code);
    expect(after.bodySite).toEqual(before.bodySite);
    expect(correctionsOf(after)[0]?.was).toBe('218/76 mmHg');
  });

  it('a value that becomes "unrecordable" leaves no number beside its reason (obs-6), and back', () => {
    const before = only(built({ key: 'pulse', value: number('72') }));
    const gone = correctObservation(before, { key: 'pulse', value: { kind: 'unrecordable' } }, 'r', context)
      .after as unknown as Observation;
    expect(gone.valueQuantity).toBeUndefined();
    expect(gone.dataAbsentReason).toBeDefined();
    const back = correctObservation(gone, { key: 'pulse', value: number('74') }, 'r', context)
      .after as unknown as Observation;
    expect(back.dataAbsentReason).toBeUndefined();
    expect(correctionsOf(back).map(({ was }) => was)).toEqual([observationText(gone), '72 per minute']);
  });

  it('is shown by the provenance, with the old value', () => {
    const before = only(built({ key: 'weight', value: number('82.5') }));
    const { after } = correctObservation(
      before,
      { key: 'weight', value: number('28.5') },
      'Wrong way round',
      context,
    );
    const record = opened([after]);
    const row = record.view('observations').find((one) => one.kind === 'weight');
    expect(row?.readings[0]).toMatchObject({ text: '28.5 kg', status: 'corrected' });
    expect(correctionsOf(cached(after).resource as unknown as Observation)[0]?.was).toBe('82.5 kg');
  });

  it('offers no box for what has none, nor for what is in error', () => {
    const [weight, smoking] = built(
      { key: 'weight', value: number('82.5') },
      { key: 'smoking', value: 'never' },
    );
    expect(correctableAs(weight as Observation)).toBe('weight');
    expect(correctableAs(smoking as Observation)).toBeNull();
    expect(correctableAs({ ...(weight as Observation), status: 'entered-in-error' })).toBeNull();
  });

  it('names the score and the index that were worked out from the old value', () => {
    const [weight, height, pulse] = built(
      { key: 'weight', value: number('82.5') },
      { key: 'height', value: number('180') },
      { key: 'pulse', value: number('131') },
    ) as [Observation, Observation, Observation];
    const bmi: Observation = {
      resourceType: 'Observation',
      id: 'bmi',
      status: 'final',
      code: { coding: [{ system: 'http://snomed.info/sct', code: '60621009' }] },
      effectiveDateTime: weight.effectiveDateTime ?? '',
    };
    const news2: Observation = {
      resourceType: 'Observation',
      id: 'news2',
      status: 'final',
      code: { coding: [{ system: 'http://snomed.info/sct', code: '1104051000000101' }] },
      hasMember: [{ reference: `Observation/${pulse.id ?? ''}` }],
    };
    const all = [weight, height, pulse, bmi, news2, { ...bmi, id: 'older', effectiveDateTime: '2020-01-01' }];
    const ids = (of: Observation) => workedOutFrom(of, all).map(({ id }) => id);
    expect(ids(weight)).toEqual(['bmi']);
    expect(ids(pulse)).toEqual(['news2']);
    expect(ids(bmi)).toEqual([]);
  });
});
