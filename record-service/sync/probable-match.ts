import { parseExact } from '../../domain/fhir/exact-json.ts';
import type { Operation, ResourceJson } from '../../domain/sync/operation.ts';
import { fold } from '../search/fold.ts';
import type { RecordTransaction } from '../store/record-store.ts';
import { probableMatchTask } from './review-tasks.ts';
import { replacedBy } from './subject.ts';

const nhsNumberSystem = 'https://fhir.nhs.uk/Id/nhs-number';
/** More would say that the practice's data is at fault, not this registration. */
const mostMatches = 5;

/**
 * A person who was just registered and may stand here already (sync-bugs D7: two computers register the same person
 * while neither hears of the other): same NHS number, or same date of birth, family name and first initial. A task
 * for the practice's queue, one a pair; people link the two records or leave them, nothing is ever joined here.
 */
export async function probableMatchTasks(
  transaction: RecordTransaction,
  registered: ResourceJson,
  operation: Operation,
  now: Date,
): Promise<readonly ResourceJson[]> {
  const person = personOf(registered);
  const names = [
    ...person.nhsNumbers.map((number) => `person:${number}`),
    ...(person.family === '' || person.birthDate === ''
      ? []
      : [`person:${person.birthDate}:${person.family}`]),
  ];
  if (names.length === 0) return [];
  // Of two registrations that arrive at the same time the later one must see the earlier.
  await transaction.lockNames(names);
  const candidates = new Set([
    ...(await byNhsNumber(transaction, person.nhsNumbers)),
    ...(await byNameAndBirth(transaction, person)),
  ]);
  candidates.delete(registered.id);
  const stored = await transaction.readMany([...candidates].map((id) => ({ type: 'Patient', id })));
  return stored
    .flatMap(({ content }) => (content === null ? [] : [parseExact(content) as ResourceJson]))
    .filter((other) => replacedBy(other) === null && isProbablySame(person, personOf(other)))
    .slice(0, mostMatches)
    .map((other) => probableMatchTask(registered.id, other.id, operation.author, now));
}

interface Person {
  readonly nhsNumbers: readonly string[];
  readonly family: string;
  readonly initials: readonly string[];
  /** FHIR date as written. */
  readonly birthDate: string;
}

function isProbablySame(one: Person, other: Person): boolean {
  if (one.nhsNumbers.some((number) => other.nhsNumbers.includes(number))) return true;
  return (
    one.birthDate === other.birthDate &&
    one.family === other.family &&
    one.initials.some((initial) => other.initials.includes(initial))
  );
}

function personOf(patient: ResourceJson): Person {
  const names = listOf(patient['name']);
  return {
    nhsNumbers: listOf(patient['identifier'])
      .filter(({ system }) => system === nhsNumberSystem)
      .flatMap(({ value }) => (typeof value === 'string' ? [value.replaceAll(' ', '')] : [])),
    family: names.map(({ family }) => (typeof family === 'string' ? fold(family) : '')).find(Boolean) ?? '',
    initials: names.flatMap(({ given }) =>
      Array.isArray(given) && typeof given[0] === 'string' ? [fold(given[0]).charAt(0)] : [],
    ),
    birthDate: typeof patient['birthDate'] === 'string' ? patient['birthDate'] : '',
  };
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? (value as readonly Readonly<Record<string, unknown>>[]) : [];
}

async function byNhsNumber(
  { database, organisation }: RecordTransaction,
  numbers: readonly string[],
): Promise<readonly string[]> {
  if (numbers.length === 0) return [];
  const rows = await database
    .selectFrom('search_token')
    .select('id')
    .where('organisation', '=', organisation)
    .where('type', '=', 'Patient')
    .where('parameter', '=', 'identifier')
    .where('system', '=', nhsNumberSystem)
    .where('code', 'in', [...numbers])
    .execute();
  return rows.map(({ id }) => id);
}

async function byNameAndBirth(
  { database, organisation }: RecordTransaction,
  { family, birthDate }: Person,
): Promise<readonly string[]> {
  if (family === '' || birthDate === '') return [];
  const rows = await database
    .selectFrom('search_string')
    .innerJoin('search_date', (join) =>
      join
        .onRef('search_date.organisation', '=', 'search_string.organisation')
        .onRef('search_date.type', '=', 'search_string.type')
        .onRef('search_date.id', '=', 'search_string.id'),
    )
    .select('search_string.id')
    .where('search_string.organisation', '=', organisation)
    .where('search_string.type', '=', 'Patient')
    .where('search_string.parameter', '=', 'family')
    .where('search_string.value', '=', family)
    .where('search_date.parameter', '=', 'birthdate')
    .where('search_date.low', '=', `${birthDate}T00:00:00.000Z`)
    .limit(100)
    .execute();
  return rows.map(({ id }) => id);
}
