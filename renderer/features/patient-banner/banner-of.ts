import type { Patient } from '@medplum/fhirtypes';
import { nhsNumberOf, patientBanner, type PatientBanner } from '../../../domain/clinical/banner.ts';
import { currentAddress } from '../../../domain/record/demographics-change.ts';
import { isProtectedPatient } from '../../../domain/record/make-directory-entry.ts';
import type { DirectoryEntry } from '../../../domain/record/directory-entry.ts';
import type { AlertView, RecordView } from '../../../domain/record/record-view.ts';

/** What the banner shows, whether the whole record is here or only the directory's safety information. */
export interface BannerContent {
  readonly patientId: string;
  readonly banner: PatientBanner;
  readonly alerts: readonly Pick<AlertView, 'kind' | 'text'>[];
  readonly address: string | null;
  readonly phones: readonly string[];
  /** Whereabouts are protected: shown only where asked for, never on paper. */
  readonly protectedPatient: boolean;
  readonly registration: 'temporary' | 'newborn' | null;
  /** Deducted: whoever opens the record is told (clinical.md, Governance: legitimate relationship). */
  readonly noLongerRegistered: boolean;
  /** No NHS number yet: this may be somebody whose record is elsewhere under the number. */
  readonly temporaryIdentity: boolean;
}

export function bannerOfRecord(record: RecordView, now: string): BannerContent {
  const { patient } = record;
  const address = currentAddress(patient);
  return {
    patientId: record.patientId,
    banner: patientBanner({ patient, allergies: record.allergies, allergyState: record.allergyState, now }),
    alerts: record.alerts,
    address: address
      ? (address.text ??
        [...(address.line ?? []), address.city, address.postalCode].filter(Boolean).join(', '))
      : null,
    phones: (patient.telecom ?? []).flatMap((one) =>
      one.system === 'phone' && one.use !== 'old' && one.value ? [one.value] : [],
    ),
    protectedPatient: isProtectedPatient(patient),
    registration: registrationOf(patient),
    noLongerRegistered: patient.active === false,
    temporaryIdentity: nhsNumberOf(patient) === null,
  };
}

export function bannerOfEntry(entry: DirectoryEntry, now: string): BannerContent {
  const patient: Patient = {
    resourceType: 'Patient',
    id: entry.id,
    name: [
      {
        use: 'official',
        family: entry.family,
        given: [...entry.given],
        ...(entry.prefix ? { prefix: [entry.prefix] } : {}),
      },
    ],
    ...(entry.birthDate ? { birthDate: entry.birthDate } : {}),
    ...(entry.gender ? { gender: entry.gender } : {}),
    ...(entry.deceased === true
      ? { deceasedBoolean: true }
      : entry.deceased
        ? { deceasedDateTime: entry.deceased }
        : {}),
    ...(entry.nhsNumber
      ? { identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value: entry.nhsNumber }] }
      : {}),
  };
  const banner = patientBanner({ patient, allergies: [], allergyState: { available: true }, now });
  const { allergyTitle, allergies } = entry.safety;
  return {
    patientId: entry.id,
    banner: {
      ...banner,
      allergies: {
        title: allergyTitle,
        heading: allergyTitle,
        emphasised: allergyTitle === 'Known allergies',
        items: [],
        notes: allergies,
      },
    },
    alerts: entry.safety.flags,
    address: entry.address
      ? [...entry.address.lines, entry.address.postcode].filter(Boolean).join(', ')
      : null,
    phones: entry.phones,
    protectedPatient: entry.protectedPatient,
    registration:
      entry.registration === 'newborn' ||
      (entry.registration === 'temporary' && entry.nhsNumber !== undefined)
        ? entry.registration
        : null,
    noLongerRegistered: entry.registration === 'deducted',
    temporaryIdentity: entry.nhsNumber === undefined,
  };
}

/** A temporary or newborn registration is plainly marked until a person matches it. */
function registrationOf(patient: Patient): 'temporary' | 'newborn' | null {
  const details = (patient.extension ?? []).flatMap((extension) => extension.extension ?? []);
  const kind = details.find((part) => part.url === 'registrationType')?.valueCodeableConcept?.text ?? '';
  return /^newborn/i.test(kind) ? 'newborn' : /^temporary/i.test(kind) ? 'temporary' : null;
}
