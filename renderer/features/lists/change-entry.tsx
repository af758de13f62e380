import type { AllergyIntolerance, Condition, MedicationStatement, Task } from '@medplum/fhirtypes';
import { endAllergy } from '../../../domain/record/allergy-edit.ts';
import { isPrescribed, stopMedicine } from '../../../domain/record/medicine-edit.ts';
import { changeProblem } from '../../../domain/record/problem-edit.ts';
import { enteredInErrorOf } from '../../../domain/record/entry-view.ts';
import type { AnyResource } from '../../../domain/record/overlay.ts';
import { changeTask } from '../../../domain/record/task-edit.ts';
import type { EditContext, RecordEdit } from '../../../domain/record/record-edit.ts';
import { conceptText } from '../../../domain/fhir/codeable-concept.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import type { ResourceAsShown } from '../../cache/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { resourceOf, useFormDraft } from '../saving/index.ts';
import { useMay } from '../session/index.ts';
import { Button, localInstant, Notice, SelectField, TextAreaField } from '../../ui/index.ts';
import { DateField } from '../dates/index.ts';
import { EntryDialog } from './entry-dialog.tsx';
import { ProblemFields, type ProblemForm } from './problem-fields.tsx';
import { useEntrySave } from './use-entry-save.ts';

interface ChangeProps {
  readonly record: RecordView;
  readonly entryKey: string;
  readonly whose: string;
  readonly onProvenance: () => void;
  readonly onClose: () => void;
}

/** What stood on the screen, for the change that starts from it; `undefined` while reading, `null` where it is gone. */
function useShown({ record, entryKey }: ChangeProps): ResourceAsShown | null | undefined {
  return useBagQuery(`resource ${entryKey}`, (bag) => bag.resource(record.patientId, entryKey)).value;
}

/** What was entered in error stays so: no screen makes it count again (clinical.md, Governance: logical deletion). */
function mistakeWords(resource: unknown): string | null {
  if (resource === null || enteredInErrorOf(resource as AnyResource) === null) return null;
  return 'This was marked as entered in error. It stays as it is; record it anew if it is right after all.';
}

export function ChangeAllergy(props: ChangeProps) {
  return (
    <EndWithReason
      {...props}
      formKind="change-allergy"
      title="End this allergy"
      action="End the allergy"
      types={['AllergyIntolerance']}
      nameOf={(resource) => conceptText((resource as AllergyIntolerance).code)}
      make={(resource, end) => endAllergy(resource as AllergyIntolerance, end)}
    />
  );
}

/** Stopping what was prescribed is a prescriber's; what was only written down as taken may be ended by any clinician. */
export function StopMedication(props: ChangeProps) {
  const may = useMay();
  return (
    <EndWithReason
      {...props}
      formKind="change-medication"
      title="Stop this medicine"
      action="Record as stopped"
      types={['MedicationStatement']}
      nameOf={(resource) => conceptText((resource as MedicationStatement).medicationCodeableConcept)}
      make={(resource, end, context) => stopMedicine(resource as MedicationStatement, end, context)}
      refusal={(resource) =>
        may('prescribe') || !isPrescribed(resource as MedicationStatement)
          ? null
          : 'This medicine was prescribed. In your role it can be read and not stopped: ask a prescriber.'
      }
    />
  );
}

function EndWithReason({
  formKind,
  title,
  action,
  types,
  nameOf,
  make,
  refusal = () => null,
  ...props
}: ChangeProps & {
  /** Why this person may not, in words. */
  readonly refusal?: (resource: unknown) => string | null;
  /** The action that opens it. */
  readonly formKind: 'change-allergy' | 'change-medication';
  readonly title: string;
  readonly action: string;
  readonly types: readonly string[];
  readonly nameOf: (resource: unknown) => string | null;
  readonly make: (
    resource: unknown,
    end: { readonly date: string; readonly reason: string },
    context: EditContext,
  ) => RecordEdit;
}) {
  const shown = useShown(props);
  const form = useFormDraft('other', props.record.patientId, { kind: formKind, key: props.entryKey });
  const [date, setDate] = form.field('date', localInstant().slice(0, 10));
  const [reason, setReason] = form.field('reason', '');
  const { run, error, busy } = useEntrySave(props.record.patientId, props.onClose, null, form);
  const changeable = types.some((type) => props.entryKey.startsWith(`${type}/`));
  const resource: unknown = shown ? resourceOf(shown) : null;
  const refused = mistakeWords(resource) ?? (resource === null ? null : refusal(resource));
  if (refused !== null)
    return <ReadOnly {...props} title={title} action={action} name={nameOf(resource)} why={refused} />;
  return (
    <EntryDialog
      title={title}
      whose={props.whose}
      action={action}
      ready={changeable && shown !== null && shown !== undefined && reason.trim() !== '' && date !== ''}
      busy={busy}
      error={error}
      form={form}
      onClose={props.onClose}
      onSubmit={() => {
        if (shown)
          void run((context) => [make(resource, { date, reason: reason.trim() }, context)], { shown });
      }}
      extra={<Button onClick={props.onProvenance}>Where it comes from</Button>}
    >
      <p>
        <strong>{resource === null ? '' : nameOf(resource)}</strong>
      </p>
      {changeable ? null : (
        <Notice tone="amber">
          This line is a prescription of the issuing system. It is stopped there; here it can only be read.
        </Notice>
      )}
      {shown === null ? (
        <Notice tone="amber">This entry is not in the data on this computer any more.</Notice>
      ) : null}
      <DateField label="On" value={date} onChange={setDate} />
      <TextAreaField
        label="Reason"
        rows={2}
        autoFocus
        value={reason}
        onChange={(event) => {
          setReason(event.target.value);
        }}
      />
    </EntryDialog>
  );
}

/** An entry that this person may not change, or nobody, and why. */
function ReadOnly({
  name,
  why,
  ...props
}: ChangeProps & {
  readonly title: string;
  readonly action: string;
  readonly name: string | null;
  readonly why: string;
}) {
  return (
    <EntryDialog
      {...props}
      ready={false}
      busy={false}
      error={null}
      onSubmit={() => undefined}
      readOnly
      extra={<Button onClick={props.onProvenance}>Where it comes from</Button>}
    >
      <p>
        <strong>{name}</strong>
      </p>
      <Notice tone="amber">{why}</Notice>
    </EntryDialog>
  );
}

export function ChangeProblem(props: ChangeProps) {
  const shown = useShown(props);
  const problem = props.record.summary.problems.find((one) => one.source.key === props.entryKey);
  const kept = useFormDraft('other', props.record.patientId, { kind: 'change-problem', key: props.entryKey });
  const [form, setForm] = kept.field<ProblemForm>('form', {
    status: problem ? 'active' : 'past',
    significance: problem?.significance === 'minor' ? 'minor' : 'significant',
    date: '',
    text: '',
  });
  const { run, error, busy } = useEntrySave(props.record.patientId, props.onClose, null, kept);
  const condition = shown ? resourceOf<Condition>(shown) : null;
  const name = condition === null ? '' : conceptText(condition.code);
  const mistake = mistakeWords(condition);
  if (mistake !== null)
    return <ReadOnly {...props} title="Change this problem" action="Save" name={name} why={mistake} />;
  return (
    <EntryDialog
      title="Change this problem"
      whose={props.whose}
      action="Save"
      ready={shown !== null && shown !== undefined}
      busy={busy}
      error={error}
      form={kept}
      onClose={props.onClose}
      onSubmit={() => {
        if (!shown) return;
        const { status, significance, date } = form;
        const change = {
          status,
          significance,
          ...(date === '' || status === 'active' ? {} : { ended: date }),
          ...(form.text.trim() === '' ? {} : { text: form.text.trim() }),
        };
        void run((context) => [changeProblem(resourceOf<Condition>(shown), change, context)], { shown });
      }}
      extra={<Button onClick={props.onProvenance}>Where it comes from</Button>}
    >
      <p>
        <strong>{name}</strong>
      </p>
      <ProblemFields form={form} dateLabel="Ended" dateDisabled={form.status === 'active'} onForm={setForm} />
    </EntryDialog>
  );
}

export function CompleteTask(props: ChangeProps) {
  const shown = useShown(props);
  const form = useFormDraft('other', props.record.patientId, { kind: 'complete-task', key: props.entryKey });
  const [status, setStatus] = form.field<'completed' | 'in-progress' | 'cancelled'>('status', 'completed');
  const [text, setText] = form.field('text', '');
  const { run, error, busy } = useEntrySave(props.record.patientId, props.onClose, null, form);
  return (
    <EntryDialog
      title="This task"
      whose={props.whose}
      action="Save"
      ready={shown !== null && shown !== undefined}
      busy={busy}
      error={error}
      form={form}
      onClose={props.onClose}
      onSubmit={() => {
        if (shown)
          void run((context) => [changeTask(resourceOf<Task>(shown), { status, text }, context)], { shown });
      }}
      extra={<Button onClick={props.onProvenance}>Where it comes from</Button>}
    >
      <p className="preserve">{shown ? resourceOf<Task>(shown).description : ''}</p>
      <SelectField
        label="Now"
        autoFocus
        value={status}
        onChange={(event) => {
          setStatus(event.target.value as typeof status);
        }}
        choices={[
          { value: 'completed', label: 'Done' },
          { value: 'in-progress', label: 'In progress' },
          { value: 'cancelled', label: 'No longer needed' },
        ]}
      />
      <TextAreaField
        label="Words to add"
        rows={2}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
    </EntryDialog>
  );
}
