import type { Address, Patient } from '@medplum/fhirtypes';
import {
  addDays,
  compareCivilDates,
  formatCivilDate,
  wholeMonthsBetween,
} from '../../domain/fhir/civil-date.ts';
import type { CivilDate } from '../../domain/fhir/civil-date.ts';
import { UK_CORE_EXTENSION } from '../import/systems.ts';
import { demoOrganisation, demoStaff } from './demo-practice.ts';
import { chanceOf } from './random.ts';
import type { Chance } from './random.ts';

export interface Person {
  /** From 0, in the order of the practice. */
  readonly number: number;
  readonly id: string;
  readonly given: string;
  readonly family: string;
  readonly sex: 'female' | 'male';
  readonly born: CivilDate;
  readonly died: CivilDate | undefined;
  readonly household: number;
  readonly address: Address;
  readonly phone: string;
  readonly nhsNumber: string | undefined;
}

const FEMALE = [
  'Amelia',
  'Olivia',
  'Aisha',
  'Grace',
  'Freya',
  'Margaret',
  'Susan',
  'Patricia',
  'Joan',
  'Priya',
  'Zofia',
  'Helen',
  'Karen',
  'Emma',
  'Chloe',
  'Jean',
  'Dorothy',
  'Fatima',
  'Nia',
  'Sian',
  'Rebecca',
  'Laura',
  'Hannah',
  'Maureen',
  'Sheila',
  'Ngozi',
  'Mei',
  'Ruby',
  'Ivy',
  'Elsie',
  'Linda',
  'Christine',
  'Anita',
  'Danielle',
  'Kelly',
  'Eileen',
];
const MALE = [
  'Oliver',
  'George',
  'Mohammed',
  'Arjun',
  'William',
  'Jack',
  'Thomas',
  'Kwame',
  'Piotr',
  'Kenneth',
  'Brian',
  'Derek',
  'David',
  'John',
  'Peter',
  'Alan',
  'Stephen',
  'Paul',
  'Liam',
  'Connor',
  'Rhys',
  'Callum',
  'Noah',
  'Leo',
  'Theo',
  'Raymond',
  'Dennis',
  'Ali',
  'Samuel',
  'Daniel',
  'Imran',
  'Wei',
  'Gareth',
  'Stanley',
  'Ronald',
  'Craig',
];
const FAMILY = [
  'Smith',
  'Jones',
  'Taylor',
  'Brown',
  'Williams',
  'Wilson',
  'Johnson',
  'Davies',
  'Patel',
  'Robinson',
  'Wright',
  'Thompson',
  'Evans',
  'Walker',
  'White',
  'Roberts',
  'Green',
  'Hall',
  'Wood',
  'Khan',
  'Lewis',
  'Harris',
  'Clarke',
  'Jackson',
  'Begum',
  'Hughes',
  'Edwards',
  'Kowalski',
  'Singh',
  'Adeyemi',
  'Hussain',
  'Ashworth',
  'Ogden',
  'Entwistle',
  'Barraclough',
  'Pickles',
  "O'Neill",
  'Mac Donald',
  'Fitzgerald',
  'Nguyen',
  'Chukwu',
  'Holroyd',
  'Sutcliffe',
  'Greenhalgh',
  'Whitehead',
  'St John-Mollusc',
];
const STREETS = [
  'Mill Lane',
  'Chapel Street',
  'Church Road',
  'Station Road',
  'Victoria Terrace',
  'Albert Street',
  'Orchard Close',
  'Beech Avenue',
  'The Green',
  'Quarry Hill',
  'Canal Side',
  'Weavers Row',
  'Rowan Drive',
  'Hawthorn Way',
  'Market Place',
  'Bridge End',
];
const VILLAGES = ['Netherby', 'Upper Calderfold', 'Hollin Bridge', 'Thornley Green'];

/** A care home stands for many of the oldest: rounds pick by address. */
const CARE_HOME: Address = {
  use: 'home',
  type: 'physical',
  line: ['Larkfield House Care Home', '2 Quarry Hill'],
  city: 'Netherby',
  district: 'Calderdale',
  postalCode: 'ZZ99 3CZ',
};

/** Ages as a practice of an English town has them: by weights of ten-year bands. */
const AGE_WEIGHTS = [11, 12, 12, 14, 13, 13, 11, 8, 5, 1];

/** The people of the practice in their order; households share an address and mostly a name. */
export function* peopleOf(
  seed: number,
  count: number,
  today: CivilDate,
  idOf: (name: string) => string,
): Generator<Person> {
  const numbers = nhsNumbers();
  let number = 0;
  let household = 0;
  let earlier: Person | undefined;
  while (number < count) {
    const chance = chanceOf(seed, `household ${household}`);
    const members = Math.min(householdSize(chance), count - number);
    const address = addressOf(chance);
    const familyName = chance.pick(FAMILY);
    const phone = `01632 960${String(chance.whole(0, 999)).padStart(3, '0')}`;
    let twin: Person | undefined;
    for (let member = 0; member < members; member += 1) {
      const child = member >= 2;
      const age = child ? chance.whole(0, 17) : ageOf(chance);
      const sex =
        member < 2 && members > 1 ? (member === 0 ? 'female' : 'male') : chance.yes(0.51) ? 'female' : 'male';
      let born = addDays({ year: today.year - age, month: today.month, day: 1 }, -chance.whole(0, 364));
      let given = chance.pick(sex === 'female' ? FEMALE : MALE);
      // Twins: born on one day, in one house, with names that one misreads.
      const isTwin = child && twin !== undefined && chance.yes(0.06);
      if (isTwin && twin) {
        born = twin.born;
        given = twin.sex === 'female' ? 'Emily' : 'Oscar';
      }
      // Same name, another person: every practice has them.
      const sameName = !child && earlier !== undefined && chance.yes(0.012);
      const died =
        age >= 66 && chance.yes(age >= 80 ? 0.09 : 0.03) ? addDays(today, -chance.whole(3, 700)) : undefined;
      const inCare = age >= 82 && chance.yes(0.35);
      const temporary = chance.yes(1 / 140);
      const allotted = numbers.next().value;
      const person: Person = {
        number,
        id: idOf(`patient ${number}`),
        given: sameName && earlier ? earlier.given : given,
        family:
          sameName && earlier
            ? earlier.family
            : member === 1 && chance.yes(0.2)
              ? chance.pick(FAMILY)
              : familyName,
        sex: sameName && earlier ? earlier.sex : isTwin && twin ? twin.sex : sex,
        born,
        died: died && compareCivilDates(died, born) > 0 ? died : undefined,
        household,
        address: inCare ? CARE_HOME : address,
        phone,
        nhsNumber: temporary ? undefined : allotted,
      };
      if (child) twin = person;
      else if (chance.yes(0.2)) earlier = person;
      yield person;
      number += 1;
    }
    household += 1;
  }
}

function householdSize(chance: Chance): number {
  const roll = chance.next();
  return roll < 0.32 ? 1 : roll < 0.66 ? 2 : roll < 0.8 ? 3 : roll < 0.93 ? 4 : 5;
}

function ageOf(chance: Chance): number {
  const adults = AGE_WEIGHTS.map((weight, band) => (band < 2 ? (band === 1 ? 2 : 0) : weight));
  let roll = chance.next() * adults.reduce((sum, weight) => sum + weight, 0);
  for (const [band, weight] of adults.entries()) {
    roll -= weight;
    if (roll < 0) return band * 10 + (band === 1 ? chance.whole(8, 9) : chance.whole(0, 9));
  }
  return 45;
}

function addressOf(chance: Chance): Address {
  const village = chance.pick(VILLAGES);
  return {
    use: 'home',
    type: 'physical',
    line: [`${chance.whole(1, 148)} ${chance.pick(STREETS)}`, village],
    city: 'Netherby',
    district: 'Calderdale',
    // ZZ99 is never a real postcode.
    postalCode: `ZZ99 ${chance.whole(1, 9)}${chance.pick(['AA', 'BD', 'CZ', 'EF', 'GH', 'JL', 'NP'])}`,
  };
}

/** Test NHS numbers (999…) with a valid check digit, each once, in an order that does not look like counting. */
export function* nhsNumbers(): Generator<string, never> {
  for (let step = 0; ; step += 1) {
    // 7,919 and 900,000 have no common divisor: every number below 900,000 comes once.
    const digits = `999${String((step * 7919 + 104_729) % 900_000).padStart(6, '0')}`;
    let sum = 0;
    for (let index = 0; index < 9; index += 1) sum += Number(digits[index]) * (10 - index);
    const check = 11 - (sum % 11);
    if (check !== 10) yield `${digits}${check === 11 ? 0 : check}`;
  }
}

export function ageAt(person: Person, day: CivilDate): number {
  return Math.floor(wholeMonthsBetween(person.born, day) / 12);
}

/** Identifier system of a number that the practice gives until the NHS number is known. */
const TEMPORARY_NUMBER_SYSTEM = 'https://gladstone.example/fhir/Id/temporary-patient';

/** Children are Miss and Master, as families write them. */
function titleOf(person: Person, today: CivilDate): string {
  const isChild = ageAt(person, today) < 16;
  if (person.sex === 'male') return isChild ? 'Master' : 'Mr';
  return isChild ? 'Miss' : person.number % 3 === 0 ? 'Mrs' : 'Ms';
}

export function patientOf(person: Person, today: CivilDate): Patient {
  const verified = person.nhsNumber !== undefined;
  const status = verified
    ? { code: '01', display: 'Number present and verified' }
    : { code: '03', display: 'Trace required' };
  const extension = [
    {
      url: UK_CORE_EXTENSION.nhsNumberVerificationStatus,
      valueCodeableConcept: {
        coding: [
          {
            system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland',
            ...status,
          },
        ],
      },
    },
  ];
  return {
    resourceType: 'Patient',
    id: person.id,
    meta: { profile: ['https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient'] },
    identifier: [
      person.nhsNumber === undefined
        ? {
            extension,
            use: 'temp',
            system: TEMPORARY_NUMBER_SYSTEM,
            value: `TEMP-${String(person.number).padStart(5, '0')}`,
          }
        : {
            extension,
            use: 'official',
            system: 'https://fhir.nhs.uk/Id/nhs-number',
            value: person.nhsNumber,
          },
    ],
    active: person.died === undefined,
    name: [
      { use: 'official', family: person.family, given: [person.given], prefix: [titleOf(person, today)] },
    ],
    telecom: [
      { system: 'phone', value: person.phone, use: 'home' },
      { system: 'phone', value: `07700 900${String(person.number % 1000).padStart(3, '0')}`, use: 'mobile' },
    ],
    gender: person.sex,
    birthDate: formatCivilDate(person.born),
    ...(person.died && { deceasedDateTime: formatCivilDate(person.died) }),
    address: [person.address],
    generalPractitioner: [
      { reference: `Practitioner/${demoStaff.gp.practitionerId}`, display: demoStaff.gp.displayName },
    ],
    managingOrganization: {
      reference: `Organization/${demoOrganisation.id}`,
      display: demoOrganisation.name,
    },
  };
}
