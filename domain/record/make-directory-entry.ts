import type { AllergyIntolerance, Flag, Patient } from '@medplum/fhirtypes';
import { summariseAllergies } from '../clinical/allergy-summary.ts';
import { currentName, nameParts } from '../clinical/patient-name.ts';
import type { PatientId } from '../identifiers.ts';
import { allergyState, completenessOfFlags } from './alert-list.ts';
import type { DirectoryEntry, DirectorySafety } from './directory-entry.ts';

const NHS_NUMBER = 'https://fhir.nhs.uk/Id/nhs-number';

/** What one directory entry is made from. Allergies and flags are null for an actor who may not see them. */
export interface DirectorySource {
  readonly patient: Patient;
  readonly clinical: {
    readonly allergies: readonly AllergyIntolerance[];
    readonly flags: readonly Flag[];
  } | null;
  readonly pack: { readonly resources: number; readonly bytes: number };
}

/** @param today YYYY-MM-DD, to tell a name that has ended from the present one */
export function directoryEntryOf(
  { patient, clinical, pack }: DirectorySource,
  today: string,
): DirectoryEntry {
  const name = nameParts(currentName(patient.name, today));
  const isProtected = isProtectedPatient(patient);
  const nhsNumber = patient.identifier?.find((identifier) => identifier.system === NHS_NUMBER)?.value;
  const deceased = patient.deceasedDateTime ?? (patient.deceasedBoolean === true ? true : undefined);
  const address = isProtected ? undefined : addressOf(patient);
  return {
    id: (patient.id ?? '') as PatientId,
    family: name.family ?? '',
    given: name.given,
    ...(name.title === null ? {} : { prefix: name.title }),
    ...(patient.birthDate === undefined ? {} : { birthDate: patient.birthDate }),
    ...(deceased === undefined ? {} : { deceased }),
    ...(patient.gender === undefined ? {} : { gender: patient.gender }),
    ...(nhsNumber === undefined ? {} : { nhsNumber: nhsNumber.replaceAll(' ', '') }),
    ...(address === undefined ? {} : { address }),
    phones: isProtected ? [] : phonesOf(patient),
    protectedPatient: isProtected,
    registration: registrationOf(patient, nhsNumber !== undefined),
    safety: clinical === null ? closedSafety : safetyOf(clinical.allergies, clinical.flags),
    pack,
  };
}

/** Access to the address is restricted (PDS confidentiality code, `meta.security`): R, V, S. */
export function isProtectedPatient(patient: Patient): boolean {
  return (patient.meta?.security ?? []).some((label) => ['R', 'V', 'S'].includes(label.code ?? ''));
}

function addressOf(patient: Patient): DirectoryEntry['address'] {
  const addresses = patient.address ?? [];
  const home =
    addresses.find((address) => address.use === 'home' && address.period?.end === undefined) ??
    addresses.find((address) => address.use !== 'old' && address.period?.end === undefined);
  if (home === undefined) return undefined;
  const lines = [...(home.line ?? []), home.city, home.district].filter(
    (line): line is string => line !== undefined && line.trim() !== '',
  );
  return { lines, ...(home.postalCode === undefined ? {} : { postcode: home.postalCode }) };
}

function phonesOf(patient: Patient): readonly string[] {
  return (patient.telecom ?? [])
    .filter(
      (telecom) => telecom.system === 'phone' && telecom.use !== 'old' && telecom.period?.end === undefined,
    )
    .flatMap((telecom) => (telecom.value === undefined ? [] : [telecom.value]));
}

function registrationOf(patient: Patient, hasNhsNumber: boolean): DirectoryEntry['registration'] {
  if (patient.active === false) return 'deducted';
  const type = JSON.stringify(
    patient.extension?.find((extension) => extension.url.includes('RegistrationDetails')) ?? '',
  );
  if (/newborn/i.test(type)) return 'newborn';
  return /temporary/i.test(type) || !hasNhsNumber ? 'temporary' : 'registered';
}

const closedSafety: DirectorySafety = { allergyTitle: 'Allergies unavailable', allergies: [], flags: [] };

function safetyOf(allergies: readonly AllergyIntolerance[], flags: readonly Flag[]): DirectorySafety {
  const summary = summariseAllergies(allergies, allergyState(completenessOfFlags(flags)));
  // The list has the four titles only; what qualifies one stands with the allergens, where nothing can part them.
  const doubt = summary.heading.slice(summary.title.length).replace(/^, /, '');
  return {
    allergyTitle: summary.title,
    allergies: summary.items
      .map((item) => item.agent + (item.reactions.length > 0 ? ` (${item.reactions.join(', ')})` : ''))
      .concat(summary.notes, doubt === '' ? [] : [doubt]),
    flags: flags.filter((flag) => flag.status === 'active').map((flag) => flagOf(flag)),
  };
}

function flagOf(flag: Flag): DirectorySafety['flags'][number] {
  const text = flag.code.text ?? flag.code.coding?.[0]?.display ?? 'Flag without words';
  const words = `${text} ${(flag.category ?? []).map((category) => category.text ?? category.coding?.[0]?.display ?? category.coding?.[0]?.code ?? '').join(' ')}`;
  if (/safeguard|child protection|at risk|domestic abuse/i.test(words)) return { kind: 'safeguarding', text };
  if (/resuscitat|DNACPR|ReSPECT|escalation/i.test(words)) return { kind: 'resuscitation', text };
  return { kind: 'other', text };
}
