import type { MistakableFor } from '../search/patient-search.ts';

/** What the banner and the save guard say about people who may be taken for this patient. No other patient is named. */
export type LookAlike = {
  /** sentences for the guard; empty where nobody is like this patient */
  readonly alert: readonly string[];
  /** family members at the same address: a quieter word */
  readonly household: string | null;
};

/** Same name, twins, similar name, household (clinical.md, Hazards of carrying a record: wrong patient). */
export function lookAlikeWords({ sameName, twins, similarName, household }: MistakableFor): LookAlike {
  const named = new Set(sameName.map((entry) => entry.id));
  const alike = new Set(similarName.map((entry) => entry.id));
  const born = twins.filter((entry) => !named.has(entry.id));
  const bornIds = new Set(born.map((entry) => entry.id));
  const alert = [
    sentence(sameName.length, 'has the same name', 'have the same name'),
    sentence(
      born.filter((entry) => alike.has(entry.id)).length,
      'has a similar name and the same date of birth',
      'have a similar name and the same date of birth',
    ),
    sentence(
      born.filter((entry) => !alike.has(entry.id)).length,
      'has the same family name and date of birth',
      'have the same family name and date of birth',
    ),
    sentence(
      similarName.filter((entry) => !bornIds.has(entry.id)).length,
      'has a similar name',
      'have a similar name',
    ),
  ].filter((words) => words !== null);
  return {
    alert,
    household: sentence(
      household.length,
      'with this family name lives at this address',
      'with this family name live at this address',
    ),
  };
}

function sentence(count: number, one: string, many: string): string | null {
  if (count === 0) return null;
  return count === 1 ? `Another patient ${one}.` : `${count} other patients ${many}.`;
}
