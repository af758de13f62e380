import type { Patient } from '@medplum/fhirtypes';
import { nhsNumberOf } from '../../../domain/clinical/banner.ts';
import { formatNhsNumber, nhsNumberFaultWords, readNhsNumber } from '../../../domain/clinical/nhs-number.ts';
import type { IdentityChange } from '../../../domain/record/demographics-change.ts';
import { useBagQuery } from '../bag/index.ts';
import { DateField } from '../dates/index.ts';
import { entryName } from '../patient-search/index.ts';
import { SelectField, TextField } from '../../ui/index.ts';

type Gender = NonNullable<IdentityChange['gender']>;

export const GENDERS: readonly { readonly value: Gender; readonly label: string }[] = [
  { value: 'unknown', label: 'Not known' },
  { value: 'female', label: 'Female' },
  { value: 'male', label: 'Male' },
  { value: 'other', label: 'Other' },
];

/** What tells people apart, as it stands in the boxes. */
export interface Identity {
  readonly nhsNumber: string;
  readonly birthDate: string;
  readonly gender: Gender | '';
  readonly reason: string;
}

export interface IdentityJudged {
  /** What is to be changed, with its reason; `null` where nothing differs. */
  readonly change: IdentityChange | null;
  /** Nothing that differs is refused, and it has its reason. */
  readonly ready: boolean;
  readonly differs: boolean;
  readonly numberFault: string | undefined;
}

export function identityOf(patient: Patient | null): Identity {
  const number = patient ? nhsNumberOf(patient) : null;
  return {
    nhsNumber: number === null ? '' : formatNhsNumber(number),
    birthDate: patient?.birthDate ?? '',
    gender: patient?.gender ?? '',
    reason: '',
  };
}

/** A number is read by its check digit, and never taken while another patient here has it. */
export function useIdentityJudged(patientId: string, before: Identity, identity: Identity): IdentityJudged {
  const number = readNhsNumber(identity.nhsNumber, { allowTestRange: true });
  const stood = readNhsNumber(before.nhsNumber, { allowTestRange: true });
  const newNumber = number.ok && (!stood.ok || stood.value !== number.value) ? number.value : null;
  const hits = useBagQuery(newNumber === null ? null : `number ${newNumber}`, async (bag) => {
    const found = await bag.searchPatients(newNumber ?? '', 5);
    return found.hits.filter(({ entry }) => entry.nhsNumber === newNumber);
  }).value;
  const other = hits?.find(({ entry }) => entry.id !== patientId);
  const emptied = identity.nhsNumber.trim() === '' && before.nhsNumber !== '';
  const numberFault = other
    ? `${entryName(other.entry)} has this number here. Look whether they are one person.`
    : emptied
      ? 'A number is put right here, not taken away.'
      : identity.nhsNumber.trim() !== '' && !number.ok
        ? nhsNumberFaultWords(number.fault)
        : undefined;
  const birthDate = identity.birthDate !== '' && identity.birthDate !== before.birthDate;
  const gender = identity.gender !== '' && identity.gender !== before.gender ? identity.gender : null;
  const differs = newNumber !== null || birthDate || gender !== null;
  const reason = identity.reason.trim();
  const isNumberLookedUp = newNumber === null || hits !== undefined;
  return {
    change: differs
      ? {
          ...(newNumber === null ? {} : { nhsNumber: newNumber }),
          ...(birthDate ? { birthDate: identity.birthDate } : {}),
          ...(gender === null ? {} : { gender }),
          reason,
        }
      : null,
    ready: numberFault === undefined && isNumberLookedUp && (!differs || reason !== ''),
    differs,
    numberFault,
  };
}

export function IdentityFields({
  identity,
  judged,
  onChange,
}: {
  readonly identity: Identity;
  readonly judged: IdentityJudged;
  readonly onChange: (identity: Identity) => void;
}) {
  return (
    <div className="field-pair">
      <TextField
        label="NHS number"
        hint="10 digits"
        error={judged.numberFault}
        value={identity.nhsNumber}
        onChange={(event) => {
          onChange({ ...identity, nhsNumber: event.target.value });
        }}
      />
      <DateField
        label="Date of birth"
        value={identity.birthDate}
        future={false}
        onChange={(birthDate) => {
          onChange({ ...identity, birthDate });
        }}
      />
      <SelectField
        label="Gender"
        value={identity.gender}
        onChange={(event) => {
          onChange({ ...identity, gender: event.target.value as Identity['gender'] });
        }}
        choices={identity.gender === '' ? [{ value: '', label: 'Not recorded' }, ...GENDERS] : GENDERS}
      />
      {judged.differs ? (
        <TextField
          label="Why number, date of birth or gender change"
          hint="Letter, passport, said by the patient, a slip at registration"
          value={identity.reason}
          onChange={(event) => {
            onChange({ ...identity, reason: event.target.value });
          }}
        />
      ) : null}
    </div>
  );
}
