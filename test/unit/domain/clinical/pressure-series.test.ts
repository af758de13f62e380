import { describe, expect, it } from 'vitest';
import { readPressureEntry } from '../../../../domain/clinical/observation-entry.ts';
import { representingReading, type PressureReading } from '../../../../domain/clinical/pressure-series.ts';

function reading(text: string, state: PressureReading['state'] = 'sitting'): PressureReading {
  const entry = readPressureEntry(text, { ageMonths: 600 });
  if (entry.verdict !== 'ok' && entry.verdict !== 'unlikely') throw new Error(`no pressure: ${text}`);
  return { value: entry.value, state };
}

describe('which of several blood pressures stands for the set', () => {
  it.each([
    ['one alone', ['150/90'], 0],
    ['the lower of the last two', ['160/95', '152/90', '148/88'], 2],
    ['the lower of the last two, though the first was lower', ['140/80', '152/90', '158/92'], 1],
    ['the lower diastolic where the systolics are the same', ['160/95', '150/82', '150/90'], 1],
    ['the last of two that are the same', ['160/95', '150/90', '150/90'], 2],
  ])('%s', (_, texts, expected) => {
    expect(representingReading(texts.map((text) => reading(text)))).toBe(expected);
  });

  it('at home the last: nothing is averaged', () => {
    const home = ['130/80', '140/85'].map((text) => reading(text, 'self-measured'));
    expect(representingReading(home)).toBe(1);
  });

  it('a fall on standing represents nothing but itself', () => {
    expect(representingReading([reading('142/84', 'lying'), reading('108/70', 'standing')])).toBe(0);
  });

  it('a last reading that could not be recorded reaches the scores', () => {
    expect(representingReading([reading('92/60'), reading('u')])).toBe(1);
    expect(representingReading([reading('u'), reading('92/60')])).toBe(1);
  });
});
