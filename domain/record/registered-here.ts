import type { Patient } from '@medplum/fhirtypes';
import { nhsNumberOf } from '../clinical/banner.ts';
import { currentName } from '../clinical/patient-name.ts';
import type { PatientId } from '../identifiers.ts';
import { currentAddress } from './demographics-change.ts';
import type { DirectoryEntry } from './directory-entry.ts';

/**
 * The directory's entry of a patient whom this device registered and the service does not list yet, so that they are
 * found, booked and opened like everybody else. Nothing is known of allergies: that is said, not guessed.
 */
export function directoryEntryOf(patient: Patient, today: string): DirectoryEntry {
  const name = currentName(patient.name, today);
  const address = currentAddress(patient);
  const nhsNumber = nhsNumberOf(patient);
  const born = patient.birthDate;
  // The same reading as the service's directory has of it.
  const details = JSON.stringify(
    patient.extension?.find((extension) => extension.url.includes('RegistrationDetails')) ?? '',
  );
  return {
    id: (patient.id ?? '') as PatientId,
    family: name?.family ?? '',
    given: name?.given ?? [],
    ...(name?.prefix?.[0] !== undefined && { prefix: name.prefix[0] }),
    ...(born !== undefined && { birthDate: born }),
    ...(patient.gender !== undefined && { gender: patient.gender }),
    ...(nhsNumber !== null && { nhsNumber }),
    ...(address && {
      address: {
        lines: [...(address.line ?? []), address.city, address.district].filter(
          (line): line is string => line !== undefined && line !== '',
        ),
        ...(address.postalCode !== undefined && { postcode: address.postalCode }),
      },
    }),
    phones: (patient.telecom ?? [])
      .filter((telecom) => telecom.system === 'phone' && telecom.use !== 'old' && telecom.value !== undefined)
      .map((telecom) => telecom.value ?? ''),
    protectedPatient: false,
    registration: /newborn/i.test(details)
      ? 'newborn'
      : /temporary/i.test(details) || nhsNumber === null
        ? 'temporary'
        : 'registered',
    safety: { allergyTitle: 'Allergies not recorded', allergies: [], flags: [] },
    pack: { resources: 0, bytes: 0 },
  };
}
