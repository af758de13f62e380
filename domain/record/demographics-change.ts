/**
 * Address, telephone and name of a registered patient changed: what was before stays, marked as old with its end. Number,
 * date of birth and gender are put right with a reason.
 */
import type { Address, ContactPoint, HumanName, Identifier, Patient } from '@medplum/fhirtypes';
import { currentName } from '../clinical/patient-name.ts';
import { NHS_NUMBER_SYSTEM } from '../clinical/banner.ts';
import { edit, type RecordEdit } from './record-edit.ts';
import { asMatched, nhsNumberIdentifier, TEMPORARY_NUMBER_SYSTEM } from './registration.ts';

export interface EditedAddress {
  readonly lines: readonly string[];
  readonly postcode?: string;
}

export interface EditedName {
  readonly family: string;
  readonly given: readonly string[];
  readonly title?: string;
}

/** Only what is given changes. */
export interface DemographicsChange {
  /** A changed legal name; the one before is kept as old. */
  readonly name?: EditedName;
  /** What the patient is called; '' takes it away. */
  readonly knownAs?: string;
  readonly address?: EditedAddress;
  readonly phone?: { readonly number: string; readonly use: 'home' | 'mobile' | 'work' };
  /** What tells people apart, found out or put right afterwards: a correction, which has its reason. */
  readonly identity?: IdentityChange;
}

export interface IdentityChange {
  /** Ten digits, checked. */
  readonly nhsNumber?: string;
  /** FHIR date, whole or partial. */
  readonly birthDate?: string;
  readonly gender?: 'male' | 'female' | 'other' | 'unknown';
  readonly reason: string;
}

/** The address that counts: neither old nor temporary before the others. */
export function currentAddress(patient: Patient): Address | undefined {
  const current = (patient.address ?? []).filter((address) => address.use !== 'old');
  return current.find((address) => address.use === 'home') ?? current[0];
}

/** @param on FHIR date: until when the old ones held */
export function changeDemographics(patient: Patient, change: DemographicsChange, on: string): RecordEdit {
  const names = withName(patient, change, on);
  const address = withAddress(patient, change.address, on);
  const telecom = withPhone(patient.telecom ?? [], change.phone, on);
  const { identity } = change;
  const changed: Patient = {
    ...(identity ? withIdentity(patient, identity, on) : patient),
    ...(names.length > 0 && { name: [...names] }),
    ...(address.length > 0 && { address: [...address] }),
    ...(telecom.length > 0 && { telecom: [...telecom] }),
  };
  return identity ? edit('correct', changed, identity.reason) : edit('amend', changed);
}

/**
 * A number that was wrong does not stay beside the right one, where it would find the wrong patient: the version before
 * has it. The temporary number ends, and so does the mark of a newborn who waited to be matched.
 */
function withIdentity(patient: Patient, identity: IdentityChange, on: string): Patient {
  const { nhsNumber, birthDate, gender } = identity;
  return {
    ...patient,
    ...(birthDate !== undefined && { birthDate }),
    ...(gender !== undefined && { gender }),
    ...(nhsNumber !== undefined && {
      identifier: [
        nhsNumberIdentifier(nhsNumber),
        ...(patient.identifier ?? [])
          .filter(({ system }) => system !== NHS_NUMBER_SYSTEM)
          .map((one) => (one.system === TEMPORARY_NUMBER_SYSTEM ? ended(one, on) : one)),
      ],
      ...(patient.extension && { extension: asMatched(patient.extension) }),
    }),
  };
}

function withName(patient: Patient, { name, knownAs }: DemographicsChange, on: string): readonly HumanName[] {
  const before = patient.name ?? [];
  const current = currentName(before, on);
  const named: readonly HumanName[] =
    name === undefined
      ? before
      : [
          {
            use: 'official',
            family: name.family,
            given: [...name.given],
            ...(name.title !== undefined && { prefix: [name.title] }),
            period: { start: on },
          },
          ...before.map((one) => (one === current ? ended(one, on) : one)),
        ];
  if (knownAs === undefined) return named;
  const others = named.map((one) => (one.use === 'nickname' ? ended(one, on) : one));
  return knownAs === ''
    ? others
    : [...others, { use: 'nickname', given: [knownAs], period: { start: on } } satisfies HumanName];
}

function withAddress(patient: Patient, change: EditedAddress | undefined, on: string): readonly Address[] {
  const before = patient.address ?? [];
  if (change === undefined) return before;
  const current = currentAddress(patient);
  return [
    {
      use: current?.use ?? 'home',
      line: [...change.lines],
      ...(change.postcode !== undefined && { postalCode: change.postcode }),
      period: { start: on },
    },
    ...before.map((one) => (one === current ? ended(one, on) : one)),
  ];
}

function withPhone(
  before: readonly ContactPoint[],
  phone: DemographicsChange['phone'],
  on: string,
): readonly ContactPoint[] {
  if (phone === undefined) return before;
  const added: ContactPoint = {
    system: 'phone',
    value: phone.number,
    use: phone.use,
    period: { start: on },
  };
  const isSameUse = (one: ContactPoint) => one.system === 'phone' && one.use === phone.use;
  if (before.some((one) => isSameUse(one) && one.value === phone.number)) return before;
  return [added, ...before.map((one) => (isSameUse(one) ? ended(one, on) : one))];
}

function ended<Part extends HumanName | Address | ContactPoint | Identifier>(part: Part, on: string): Part {
  return { ...part, use: 'old', period: { ...part.period, end: on } };
}
