import type { Patient } from '@medplum/fhirtypes';
import { useState } from 'react';
import { displayDate } from '../../../domain/clinical/date-display.ts';
import { currentName, nameParts, preferredName } from '../../../domain/clinical/patient-name.ts';
import {
  changeDemographics,
  currentAddress,
  type DemographicsChange,
  type IdentityChange,
} from '../../../domain/record/demographics-change.ts';
import type { ResourceAsShown } from '../../cache/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { EntryDialog, useEntrySave } from '../lists/index.ts';
import { resourceOf, useFormDraft } from '../saving/index.ts';
import { localInstant, Notice, SelectField, Skeleton, TextField } from '../../ui/index.ts';
import { readAddress, readGiven } from './address-text.ts';
import { IdentityFields, identityOf, useIdentityJudged, type Identity } from './identity-fields.tsx';

interface Form {
  readonly title: string;
  readonly family: string;
  readonly given: string;
  readonly knownAs: string;
  readonly street: string;
  readonly postcode: string;
  readonly phone: string;
  readonly phoneUse: 'mobile' | 'home' | 'work';
  readonly identity: Identity;
}

interface Props {
  readonly patientId: string;
  readonly whose: string;
  readonly onClose: () => void;
}

/** Name, address and telephone of a registered patient, also offline; what was before is kept as old. */
export function ChangeDemographics(props: Props) {
  const key = `Patient/${props.patientId}`;
  const shown = useBagQuery(`resource ${key}`, (bag) => bag.resource(props.patientId, key)).value;
  if (shown === undefined) return <Skeleton label="Reading the demographics" lines={4} />;
  return <Dialogue {...props} shown={shown} />;
}

function Dialogue({ patientId, whose, onClose, shown }: Props & { readonly shown: ResourceAsShown | null }) {
  const patient = shown ? resourceOf<Patient>(shown) : null;
  const [before] = useState(() => formOf(patient));
  // Kept beside what stood there when it was begun: what changed elsewhere since is never taken for what was typed.
  const kept = useFormDraft('other', patientId, { kind: 'change-demographics' });
  const [work, setWork] = kept.field('work', { before, form: before });
  const form = onto(before, work);
  const setForm = (next: Form) => {
    setWork({ before, form: next });
  };
  const { run, error, busy } = useEntrySave(patientId, onClose, null, kept);
  const today = localInstant().slice(0, 10);
  const judged = useIdentityJudged(patientId, before.identity, form.identity);
  const change = changeOf(before, form, judged.change);
  const text = (name: Exclude<keyof Form, 'phoneUse' | 'identity'>, label: string, hint = '') => (
    <TextField
      label={label}
      hint={hint}
      value={form[name]}
      onChange={(event) => {
        setForm({ ...form, [name]: event.target.value });
      }}
      {...(name === 'street' ? { autoFocus: true } : {})}
    />
  );
  return (
    <EntryDialog
      title="Change demographics"
      whose={whose}
      action="Save"
      ready={patient !== null && judged.ready && Object.keys(change).length > 0 && form.family.trim() !== ''}
      busy={busy}
      error={error}
      form={kept}
      onClose={onClose}
      onSubmit={() => {
        if (shown && patient) void run(() => [changeDemographics(patient, change, today)], { shown });
      }}
    >
      {patient === null ? (
        <Notice tone="amber">
          This patient’s registration is not in the data on this computer yet; nothing can be changed here
          until it arrives.
        </Notice>
      ) : null}
      {text('street', 'Address, lines parted by commas')}
      <div className="field-pair">
        {text('postcode', 'Postcode')}
        {text('phone', 'Telephone')}
        <SelectField
          label="This telephone is"
          value={form.phoneUse}
          onChange={(event) => {
            setForm({ ...form, phoneUse: event.target.value as Form['phoneUse'] });
          }}
          choices={[
            { value: 'mobile', label: 'Mobile' },
            { value: 'home', label: 'Home' },
            { value: 'work', label: 'Work' },
          ]}
        />
        {text('knownAs', 'Known as')}
        {text('family', 'Family name', 'The name before is kept as old')}
        {text('given', 'Given names')}
        {text('title', 'Title')}
      </div>
      <IdentityFields
        identity={form.identity}
        judged={judged}
        onChange={(identity) => {
          setForm({ ...form, identity });
        }}
      />
      <Before patient={patient} />
    </EntryDialog>
  );
}

/** What was typed in another form that stood there before, on what stands there now. */
function onto(now: Form, typed: { readonly before: Form; readonly form: Form }): Form {
  const changed = Object.entries(typed.form).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(typed.before[name as keyof Form]),
  );
  return { ...now, ...Object.fromEntries(changed) };
}

/** What was said before, so that nobody takes an old address for a new one. */
function Before({ patient }: { readonly patient: Patient | null }) {
  const old = [
    ...(patient?.name ?? []).map((name) => ({
      use: name.use,
      words: [name.family?.toUpperCase(), name.given?.join(' ')].filter(Boolean).join(', '),
      end: name.period?.end,
    })),
    ...(patient?.address ?? []).map((address) => ({
      use: address.use,
      words: address.text ?? [...(address.line ?? []), address.postalCode].filter(Boolean).join(', '),
      end: address.period?.end,
    })),
    ...(patient?.telecom ?? []).map((telecom) => ({
      use: telecom.use,
      words: telecom.value ?? '',
      end: telecom.period?.end,
    })),
  ].filter((part) => part.use === 'old');
  if (old.length === 0) return null;
  return (
    <details>
      <summary>Before ({old.length})</summary>
      <ul>
        {old.map((part, index) => (
          <li key={index}>
            {part.words} <span className="quiet">until {displayDate(part.end)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function formOf(patient: Patient | null): Form {
  const name = nameParts(currentName(patient?.name, localInstant().slice(0, 10)));
  const address = patient ? currentAddress(patient) : undefined;
  const phones = (patient?.telecom ?? []).filter((one) => one.system === 'phone' && one.use !== 'old');
  const phone = phones.find((one) => one.use === 'mobile') ?? phones[0];
  return {
    title: name.title ?? '',
    family: name.family ?? '',
    given: name.given.join(' '),
    knownAs: preferredName(patient?.name) ?? '',
    street: [...(address?.line ?? []), address?.city, address?.district].filter(Boolean).join(', '),
    postcode: address?.postalCode ?? '',
    phone: phone?.value ?? '',
    phoneUse: phone?.use === 'home' || phone?.use === 'work' ? phone.use : 'mobile',
    identity: identityOf(patient),
  };
}

/** Only what differs from what stood in the boxes when they opened. */
function changeOf(before: Form, form: Form, identity: IdentityChange | null): DemographicsChange {
  const differs = (...names: readonly Exclude<keyof Form, 'identity'>[]) =>
    names.some((name) => form[name].trim() !== before[name].trim());
  const address = differs('street', 'postcode') ? readAddress(form.street, form.postcode) : null;
  const title = form.title.trim();
  return {
    ...(differs('family', 'given', 'title')
      ? {
          name: {
            family: form.family.trim(),
            given: readGiven(form.given),
            ...(title === '' ? {} : { title }),
          },
        }
      : {}),
    ...(differs('knownAs') ? { knownAs: form.knownAs.trim() } : {}),
    ...(address ? { address } : {}),
    ...(differs('phone', 'phoneUse') && form.phone.trim() !== ''
      ? { phone: { number: form.phone.trim(), use: form.phoneUse } }
      : {}),
    ...(identity ? { identity } : {}),
  };
}
