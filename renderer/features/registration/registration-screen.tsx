import { useEffect, useRef, useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { nhsNumberFaultWords, readNhsNumber } from '../../../domain/clinical/nhs-number.ts';
import { registerPatient, type EditedRegistration } from '../../../domain/record/registration.ts';
import type { DirectoryEntry } from '../../../domain/record/directory-entry.ts';
import type { PatientId } from '../../../domain/identifiers.ts';
import { DateField } from '../dates/index.ts';
import { bannerOfEntry, PatientBanner } from '../patient-banner/index.ts';
import {
  changeFrom,
  DraftLine,
  FormDraftsProvider,
  GiveUp,
  newId,
  SavedWords,
  useFormDraft,
  useSave,
  useUnfinishedForms,
  wordsIn,
} from '../saving/index.ts';
import { ErrorNotice } from '../session/index.ts';
import { Button, Notice, SelectField, Skeleton, TextField, useNow, useToaster } from '../../ui/index.ts';
import { readAddress, readGiven } from './address-text.ts';
import { GENDERS } from './identity-fields.tsx';
import { ProbablySame } from './probably-same.tsx';
import './registration.css';

interface Form {
  readonly kind: EditedRegistration['kind'];
  readonly title: string;
  readonly family: string;
  readonly given: string;
  readonly birthDate: string;
  /** Said by a person: blank alone is not an answer. */
  readonly birthDateNotKnown: boolean;
  readonly gender: EditedRegistration['gender'];
  readonly nhsNumber: string;
  readonly street: string;
  readonly postcode: string;
  readonly phone: string;
}

const EMPTY: Form = {
  kind: 'new',
  title: '',
  family: '',
  given: '',
  birthDate: '',
  birthDateNotKnown: false,
  gender: 'unknown',
  nhsNumber: '',
  street: '',
  postcode: '',
  phone: '',
};

interface Props {
  readonly onOpen: (patientId: string) => void;
}

/** New, temporary and newborn patients by the minimum set, also offline and without NHS number; matched later by a person. */
export function RegistrationScreen(props: Props) {
  return (
    <FormDraftsProvider>
      <OneRegistration {...props} />
    </FormDraftsProvider>
  );
}

function OneRegistration(props: Props) {
  const { isLooking, error } = useUnfinishedForms();
  if (isLooking) return <Skeleton label="Looking for a draft" lines={8} />;
  return (
    <>
      <ErrorNotice error={error} />
      <Registration {...props} />
    </>
  );
}

function Registration({ onOpen }: Props) {
  const now = useNow();
  const save = useSave();
  const toaster = useToaster();
  const [ids] = useState(() => ({ patientId: newId(), groupId: newId() }));
  const [error, setError] = useState<BridgeError | null>(null);
  const [busy, setBusy] = useState(false);
  const stands = useRef(false);
  useEffect(() => {
    stands.current = true;
    return () => {
      stands.current = false;
    };
  }, []);
  const kept = useFormDraft('registration', undefined, { kind: 'register' });
  const [before, setKept] = kept.field('form', EMPTY);
  const form = useForm<Form>({ defaultValues: { ...EMPTY, ...before } });
  const { anew } = useUnfinishedForms();
  const [givingUp, setGivingUp] = useState(false);
  const typed = { ...EMPTY, ...useWatch({ control: form.control }) };
  // Which ranges are real is for the service's trace to say; here only what cannot be a number is refused.
  const number = readNhsNumber(typed.nhsNumber, { allowTestRange: true });
  const numberFault =
    typed.nhsNumber.trim() !== '' && !number.ok ? nhsNumberFaultWords(number.fault) : undefined;
  const ready =
    typed.family.trim() !== '' &&
    (typed.kind === 'newborn' || typed.given.trim() !== '') &&
    (typed.birthDate !== '' || typed.birthDateNotKnown) &&
    numberFault === undefined;
  const address = readAddress(typed.street, typed.postcode);
  const registration: EditedRegistration = {
    id: ids.patientId,
    kind: typed.kind,
    family: typed.family.trim(),
    given: readGiven(typed.given),
    ...(typed.title.trim() === '' ? {} : { title: typed.title.trim() }),
    ...(typed.birthDate === '' ? {} : { birthDate: typed.birthDate }),
    gender: typed.gender,
    ...(number.ok ? { nhsNumber: number.value } : {}),
    ...(address ? { address } : {}),
    phones: typed.phone.trim() === '' ? [] : [{ number: typed.phone.trim(), use: 'mobile' }],
  };
  const register = async () => {
    if (!ready || busy) return;
    setBusy(true);
    const draftId = kept.draftId();
    const answer = await save({
      groupId: ids.groupId,
      patientId: ids.patientId,
      changes: [changeFrom(registerPatient(registration))],
      ...(draftId === undefined ? {} : { draftId }),
    });
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    kept.draft.ended();
    toaster.tell(<SavedWords answer={answer.value} />);
    // Who went elsewhere while it was saved is not fetched back.
    if (stands.current) onOpen(ids.patientId);
  };
  const text = (
    name: keyof Form,
    label: string,
    more: { readonly hint?: string; readonly error?: string | undefined } = {},
  ) => <TextField label={label} {...form.register(name)} {...more} />;
  return (
    <div className="record-page">
      <PatientBanner content={bannerOfEntry(previewOf(registration), now)} />
      <form
        className="registration scroll"
        onChange={() => {
          setKept(form.getValues());
        }}
        onSubmit={(event) => {
          event.preventDefault();
          void register();
        }}
      >
        <h2>Register a patient</h2>
        <p className="quiet">
          The banner above is how the patient will show. Without an NHS number the patient gets a temporary
          identity, plainly marked, and a person matches it later.
        </p>
        {kept.resumedFrom === null ? null : (
          <Notice>What you typed on {displayDateTime(kept.resumedFrom)} is here again, not yet saved.</Notice>
        )}
        <ProbablySame
          family={typed.family}
          given={typed.given}
          birthDate={typed.birthDate}
          nhsNumber={number.ok ? number.value : ''}
          onOpen={onOpen}
        />
        <SelectField
          label="Registration"
          autoFocus
          {...form.register('kind')}
          choices={[
            { value: 'new', label: 'New patient' },
            { value: 'temporary', label: 'Temporary patient' },
            { value: 'newborn', label: 'Newborn' },
          ]}
        />
        <div className="registration-grid">
          {text('family', 'Family name')}
          {text(
            'given',
            'Given names',
            typed.kind === 'newborn' ? { hint: 'May be left out for a newborn' } : {},
          )}
          {text('title', 'Title')}
          <div>
            <DateField
              label="Date of birth"
              value={typed.birthDate}
              future={false}
              onChange={(date) => {
                form.setValue('birthDate', date);
              }}
            />
            {typed.birthDate === '' ? (
              <label className="registration-not-known">
                <input type="checkbox" {...form.register('birthDateNotKnown')} /> Date of birth is not known
              </label>
            ) : null}
          </div>
          <SelectField label="Gender" {...form.register('gender')} choices={GENDERS} />
          {text('nhsNumber', 'NHS number (if known)', { hint: '10 digits', error: numberFault })}
          {text('street', 'Address, lines parted by commas')}
          {text('postcode', 'Postcode')}
          {text('phone', 'Telephone')}
        </div>
        {typed.nhsNumber.trim() === '' ? (
          <Notice tone="amber">
            No NHS number: this will be a temporary identity until a person matches it.
          </Notice>
        ) : null}
        <ErrorNotice error={error} />
        <div className="row">
          <Button tone="primary" submit disabled={!ready || busy} keys="Enter">
            {busy ? 'Saving…' : 'Register this patient'}
          </Button>
          {kept.draftId() === undefined ? null : (
            <Button
              onClick={() => {
                void kept.draft.flush().then(() => {
                  setGivingUp(true);
                });
              }}
            >
              Give it up…
            </Button>
          )}
          <DraftLine draft={kept.draft} />
        </div>
      </form>
      {givingUp ? (
        <GiveUp
          title="Give this registration up"
          whose={bannerOfEntry(previewOf(registration), now).banner.name}
          draftId={kept.draftId() ?? ''}
          words={wordsIn({ ...form.getValues(), kind: '', gender: '' })}
          onGivenUp={() => {
            kept.draft.ended();
            anew();
          }}
          onClose={() => {
            setGivingUp(false);
          }}
        />
      ) : null}
    </div>
  );
}

function previewOf(registration: EditedRegistration): DirectoryEntry {
  return {
    id: registration.id as PatientId,
    family: registration.family === '' ? 'Not yet entered' : registration.family,
    given: registration.given,
    ...(registration.title === undefined ? {} : { prefix: registration.title }),
    ...(registration.birthDate === undefined ? {} : { birthDate: registration.birthDate }),
    gender: registration.gender,
    ...(registration.nhsNumber === undefined ? {} : { nhsNumber: registration.nhsNumber }),
    ...(registration.address ? { address: registration.address } : {}),
    phones: registration.phones.map((phone) => phone.number),
    protectedPatient: false,
    registration: registration.kind === 'new' ? 'registered' : registration.kind,
    safety: { allergyTitle: 'Allergies not recorded', allergies: [], flags: [] },
    pack: { resources: 0, bytes: 0 },
  };
}
