import type { HumanName } from '@medplum/fhirtypes';

/** The parts of a name as the banner shows them; a part that is not recorded is null. */
export type PatientName = {
  readonly family: string | null;
  readonly given: readonly string[];
  readonly title: string | null;
};

/**
 * The name to identify a patient by: official, then usual, then any that is not old, maiden, temporary or nickname.
 * `period.end` before `today` (YYYY-MM-DD) counts as old.
 */
export function currentName(names: readonly HumanName[] | undefined, today: string): HumanName | null {
  const current = (names ?? []).filter((name) => {
    const end = name.period?.end;
    return (
      name.use !== 'old' && (end === undefined || end.slice(0, 10) >= today.slice(0, end.slice(0, 10).length))
    );
  });
  return (
    current.find((name) => name.use === 'official') ??
    current.find((name) => name.use === 'usual') ??
    current.find((name) => name.use === undefined || name.use === 'temp') ??
    current[0] ??
    names?.[0] ??
    null
  );
}

/** The preferred (nickname or usual) given name where it differs from the official one; null where none is recorded. */
export function preferredName(names: readonly HumanName[] | undefined): string | null {
  const nickname = names?.find((name) => name.use === 'nickname');
  const preferred = nickname?.given?.join(' ') ?? nickname?.text;
  return preferred?.trim() ? titleCase(preferred.trim()) : null;
}

export function nameParts(name: HumanName | null): PatientName {
  const given = (name?.given ?? []).map((part) => part.trim()).filter((part) => part !== '');
  return {
    family: name?.family?.trim() || null,
    given,
    title: (name?.prefix ?? []).join(' ').replaceAll('.', '').trim() || null,
  };
}

/**
 * `SMITH, John (Mr)`: family name in upper case, comma, given names in title case, title in brackets without full stop
 * (PAB-0049..0053, NID-0001..0010). Full and never cut. A missing part is said in words, never "?" (PAB-0019).
 */
export function displayName(name: HumanName | null): string {
  const { family, given, title } = nameParts(name);
  if (family === null && given.length === 0) return name?.text?.trim() || 'Name not recorded';
  const surname = family?.toUpperCase() ?? 'Family name not recorded';
  const forenames = given.length === 0 ? 'given name not recorded' : given.map(titleCase).join(' ');
  return title === null ? `${surname}, ${forenames}` : `${surname}, ${forenames} (${titleCase(title)})`;
}

/**
 * Title case for names written all in capitals or all in small letters; a name that mixes case is left as its owner
 * writes it (`DeShawn`). Parts after a hyphen, apostrophe or space begin with a capital: `ANNE-MARIE` is `Anne-Marie`.
 */
export function titleCase(name: string): string {
  if (name !== name.toUpperCase() && name !== name.toLowerCase()) return name;
  return name
    .toLowerCase()
    .replace(
      /(^|[\s\-'’])(\p{L})/gu,
      (_match, before: string, letter: string) => before + letter.toUpperCase(),
    );
}
