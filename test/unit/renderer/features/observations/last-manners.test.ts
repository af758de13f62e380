import { describe, expect, it } from 'vitest';
import {
  mannersOffered,
  rememberManners,
} from '../../../../../renderer/features/observations/last-manners.ts';
import { EMPTY_SET } from '../../../../../renderer/features/observations/set-state.ts';

const chosen = {
  ...EMPTY_SET,
  manners: { ...EMPTY_SET.manners, pressure: 'sitting', temperature: 'ear' },
} as const;

describe('how a person measured last', () => {
  it('is offered by name to the same person only, for boxes of the set that nothing is said of', () => {
    rememberManners('nurse', chosen, [{ key: 'bloodPressure' }, { key: 'temperature' }]);
    expect(mannersOffered('nurse', ['bloodPressure', 'pulse'], EMPTY_SET)).toEqual({
      manners: { pressure: 'sitting' },
      words: 'sitting',
    });
    expect(mannersOffered('nurse', ['bloodPressure', 'temperature'], EMPTY_SET)?.words).toBe(
      'sitting, temperature: ear',
    );
    expect(mannersOffered('gp', ['bloodPressure'], EMPTY_SET)).toBeNull();
    expect(mannersOffered('nurse', ['bloodPressure', 'temperature'], chosen)).toBeNull();
    expect(mannersOffered('nurse', ['pulse'], EMPTY_SET)).toBeNull();
  });

  it('forgets nothing by a set in which it was not said, and keeps nothing of a value that was not entered', () => {
    rememberManners('locum', chosen, [{ key: 'temperature' }]);
    rememberManners('locum', EMPTY_SET, [{ key: 'temperature' }, { key: 'bloodPressure' }]);
    expect(mannersOffered('locum', ['bloodPressure', 'temperature'], EMPTY_SET)?.manners).toEqual({
      temperature: 'ear',
    });
  });
});
