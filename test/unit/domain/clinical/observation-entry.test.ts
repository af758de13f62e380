import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NUMBER_DEFINITIONS, type NumberKey } from '../../../../domain/clinical/observation-definitions.ts';
import {
  readChoiceEntry,
  readNumberEntry,
  readPressureEntry,
} from '../../../../domain/clinical/observation-entry.ts';

const adult = { ageMonths: 65 * 12 };
const child = { ageMonths: 24 };

describe('a box for one number: limits of clinical.md', () => {
  it.each<[NumberKey, string, string]>([
    ['pulse', '9', 'refused'],
    ['pulse', '10', 'unlikely'],
    ['pulse', '44', 'unlikely'],
    ['pulse', '45', 'ok'],
    ['pulse', '130', 'ok'],
    ['pulse', '131', 'unlikely'],
    ['pulse', '350', 'unlikely'],
    ['pulse', '351', 'refused'],
    ['respiration', '0', 'refused'],
    ['respiration', '1', 'unlikely'],
    ['respiration', '9', 'unlikely'],
    ['respiration', '10', 'ok'],
    ['respiration', '30', 'ok'],
    ['respiration', '31', 'unlikely'],
    ['respiration', '120', 'unlikely'],
    ['respiration', '121', 'refused'],
    ['spo2', '29', 'refused'],
    ['spo2', '30', 'unlikely'],
    ['spo2', '89', 'unlikely'],
    ['spo2', '90', 'ok'],
    ['spo2', '100', 'ok'],
    ['spo2', '101', 'refused'],
    ['temperature', '19.9', 'refused'],
    ['temperature', '20.0', 'unlikely'],
    ['temperature', '34.9', 'unlikely'],
    ['temperature', '35.0', 'ok'],
    ['temperature', '40.0', 'ok'],
    ['temperature', '40.1', 'unlikely'],
    ['temperature', '45.0', 'unlikely'],
    ['temperature', '45.1', 'refused'],
    ['weight', '0.1', 'refused'],
    ['weight', '0.2', 'unlikely'],
    ['weight', '34.9', 'unlikely'],
    ['weight', '35', 'ok'],
    ['weight', '180', 'ok'],
    ['weight', '180.1', 'unlikely'],
    ['weight', '500', 'unlikely'],
    ['weight', '500.1', 'refused'],
    ['height', '19', 'refused'],
    ['height', '20', 'unlikely'],
    ['height', '134', 'unlikely'],
    ['height', '135', 'ok'],
    ['height', '205', 'ok'],
    ['height', '206', 'unlikely'],
    ['height', '260', 'unlikely'],
    ['height', '261', 'refused'],
    ['waist', '19', 'refused'],
    ['waist', '49', 'unlikely'],
    ['waist', '50', 'ok'],
    ['waist', '160', 'ok'],
    ['waist', '161', 'unlikely'],
    ['waist', '301', 'refused'],
    ['glucose', '0.2', 'refused'],
    ['glucose', '0.3', 'unlikely'],
    ['glucose', '2.9', 'unlikely'],
    ['glucose', '3.0', 'ok'],
    ['glucose', '25.0', 'ok'],
    ['glucose', '25.1', 'unlikely'],
    ['glucose', '90', 'unlikely'],
    ['glucose', '90.1', 'refused'],
    ['hba1c', '9', 'refused'],
    ['hba1c', '10', 'unlikely'],
    ['hba1c', '24', 'unlikely'],
    ['hba1c', '25', 'ok'],
    ['hba1c', '130', 'ok'],
    ['hba1c', '131', 'unlikely'],
    ['hba1c', '250', 'unlikely'],
    ['hba1c', '251', 'refused'],
    ['peakFlow', '29', 'refused'],
    ['peakFlow', '30', 'unlikely'],
    ['peakFlow', '149', 'unlikely'],
    ['peakFlow', '150', 'ok'],
    ['peakFlow', '750', 'ok'],
    ['peakFlow', '751', 'unlikely'],
    ['peakFlow', '900', 'unlikely'],
    ['peakFlow', '901', 'refused'],
  ])('%s %s is %s', (key, text, verdict) => {
    expect(readNumberEntry(key, text, adult).verdict).toBe(verdict);
  });

  it.each<[NumberKey, string, string]>([
    ['temperature', '37.0', '37.0'],
    ['temperature', ' 37.2 ', '37.2'],
    ['glucose', '08.0', '8.0'],
    ['weight', '070.50', '70.50'],
    ['temperature', '37', '37'],
  ])('keeps %s %j as %s', (key, text, written) => {
    expect(readNumberEntry(key, text, adult)).toMatchObject({
      verdict: 'ok',
      value: { kind: 'number', written },
    });
  });

  it.each<[NumberKey, string]>([
    ['pulse', '72.5'],
    ['temperature', '37.25'],
    ['temperature', '37,2'],
    ['pulse', '-72'],
    ['pulse', '7 2'],
    ['pulse', 'seventy'],
    ['pulse', '1e2'],
    ['pulse', '.'],
    ['pulse', 'HI'],
    ['pulse', '٧٢'],
  ])('refuses %s %j with words', (key, text) => {
    const entry = readNumberEntry(key, text, adult);
    expect(entry.verdict === 'refused' && entry.words.length > 10).toBe(true);
  });

  it('offers the likely slip and never applies it', () => {
    expect(readNumberEntry('temperature', '372', adult)).toMatchObject({
      verdict: 'refused',
      suggestion: '37.2',
    });
    expect(readNumberEntry('height', '1.75', adult).verdict).toBe('refused');
    expect(readNumberEntry('height', '1.8', adult)).toMatchObject({ verdict: 'refused', suggestion: '180' });
  });

  it.each<[NumberKey, string, object]>([
    ['glucose', 'HI', { kind: 'off-scale', reading: 'HI' }],
    ['glucose', 'lo', { kind: 'off-scale', reading: 'LO' }],
    ['pulse', 'u', { kind: 'unrecordable' }],
    ['spo2', 'unrec', { kind: 'unrecordable' }],
  ])('%s %j is kept and alarms', (key, text, value) => {
    const entry = readNumberEntry(key, text, adult);
    expect(entry).toMatchObject({ verdict: 'ok', value });
    expect(entry.verdict === 'ok' && entry.alarm).toBeTruthy();
  });

  it.each([
    ['declined', 'declined'],
    ['refused', 'declined'],
    ['n', 'not-done'],
    ['not done', 'not-done'],
  ])('%s is kept without alarm', (text, kind) => {
    const entry = readNumberEntry('weight', text, adult);
    expect(entry).toMatchObject({ verdict: 'ok', value: { kind } });
    expect(entry.verdict === 'ok' && entry.alarm).toBeUndefined();
  });

  it('does not hold a child to an adult’s usual range', () => {
    expect(readNumberEntry('weight', '12.35', child).verdict).toBe('ok');
    expect(readNumberEntry('pulse', '140', child).verdict).toBe('ok');
    expect(readNumberEntry('pulse', '360', child).verdict).toBe('refused');
  });

  it('takes feet and stones and keeps what was said', () => {
    expect(readNumberEntry('height', `5'10"`, adult)).toMatchObject({
      value: { written: '177.8', enteredAs: '5 ft 10 in' },
    });
    expect(readNumberEntry('weight', '12st 4', adult)).toMatchObject({
      value: { written: '78.0', enteredAs: '12 st 4 lb' },
    });
    expect(readNumberEntry('height', `5'14"`, adult).verdict).toBe('refused');
  });

  it('answers blank with blank', () => {
    expect(readNumberEntry('pulse', '  ', adult)).toEqual({ verdict: 'blank' });
  });

  it('never accepts silently what is not possible, whatever is typed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(NUMBER_DEFINITIONS) as NumberKey[])),
        fc.oneof(fc.string(), fc.double().map(String), fc.nat({ max: 2000 }).map(String)),
        (key, text) => {
          const entry = readNumberEntry(key, text, adult);
          if (entry.verdict !== 'ok' && entry.verdict !== 'unlikely') return;
          if (entry.value.kind !== 'number') return;
          const value = Number(entry.value.written);
          expect(value).toBeGreaterThanOrEqual(NUMBER_DEFINITIONS[key].possible.low);
          expect(value).toBeLessThanOrEqual(NUMBER_DEFINITIONS[key].possible.high);
        },
      ),
    );
  });
});

describe('a box for blood pressure', () => {
  it.each([
    ['128/76', 'ok'],
    ['128 76', 'ok'],
    ['128-76', 'ok'],
    ['128 / 76', 'ok'],
    ['80/45', 'ok'],
    ['79/45', 'unlikely'],
    ['200/120', 'ok'],
    ['201/120', 'unlikely'],
    ['200/121', 'unlikely'],
    ['100/44', 'unlikely'],
    ['20/10', 'unlikely'],
    ['19/10', 'refused'],
    ['20/9', 'refused'],
    ['350/250', 'unlikely'],
    ['351/90', 'refused'],
    ['300/251', 'refused'],
    ['76/128', 'refused'],
    ['90/90', 'refused'],
    ['128', 'refused'],
    ['128/', 'refused'],
    ['128.5/76', 'refused'],
    ['HI', 'refused'],
    ['', 'blank'],
  ])('%j is %s', (text, verdict) => {
    expect(readPressureEntry(text, adult).verdict).toBe(verdict);
  });

  it('offers the pair the other way round', () => {
    expect(readPressureEntry('76/128', adult)).toMatchObject({ suggestion: '128/76' });
  });

  it('keeps unrecordable as a value that alarms, and a felt systolic', () => {
    expect(readPressureEntry('u', adult)).toMatchObject({
      verdict: 'ok',
      value: { systolic: { kind: 'unrecordable' }, diastolic: { kind: 'unrecordable' } },
    });
    expect(readPressureEntry('90/p', adult)).toMatchObject({
      verdict: 'ok',
      value: { systolic: { written: '90' }, diastolic: { kind: 'unrecordable' } },
    });
  });
});

describe('a box of choices', () => {
  it.each([
    ['consciousness', 'a', 'alert'],
    ['consciousness', 'A', 'alert'],
    ['consciousness', 'new', 'new-confusion'],
    ['consciousness', 'v', 'voice'],
    ['oxygen', 'o', 'oxygen'],
    ['urineProtein', '+', '+'],
    ['urineProtein', '++', '++'],
    ['urineProtein', '0', 'negative'],
    ['smoking', 'ex', 'ex'],
    ['pulseRhythm', 'i', 'irregular'],
    ['urineNitrite', 'p', 'positive'],
  ] as const)('%s %j is %s', (key, text, value) => {
    expect(readChoiceEntry(key, text)).toMatchObject({ verdict: 'ok', value: { value } });
  });

  it('refuses what names two choices or none', () => {
    expect(readChoiceEntry('consciousness', 'responds')).toMatchObject({ verdict: 'refused' });
    expect(readChoiceEntry('consciousness', 'z')).toMatchObject({ verdict: 'refused' });
    expect(readChoiceEntry('consciousness', '')).toEqual({ verdict: 'blank' });
  });
});
