import { parseForView } from '../../../domain/fhir/exact-json.ts';
import { displayName } from '../../../domain/clinical/patient-name.ts';
import { newTask, type EditedTask } from '../../../domain/record/task-edit.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import type { Organization, Practitioner } from '@medplum/fhirtypes';
import { useBagQuery } from '../bag/index.ts';
import { newId, useFormDraft, useOpenNote } from '../saving/index.ts';
import { useMay, useSignedInUser } from '../session/index.ts';
import { SelectField, TextAreaField } from '../../ui/index.ts';
import { DateField } from '../dates/index.ts';
import { EntryDialog } from './entry-dialog.tsx';
import { useEntrySave } from './use-entry-save.ts';

const KINDS: readonly { readonly value: EditedTask['kind']; readonly label: string }[] = [
  { value: 'follow-up', label: 'Follow up' },
  { value: 'note', label: 'Note' },
  { value: 'call', label: 'Call the patient' },
  { value: 'result', label: 'Act on a result' },
  { value: 'other', label: 'Other' },
];

const FRONT_DESK_KINDS: ReadonlySet<EditedTask['kind']> = new Set(['note', 'call', 'other']);

/**
 * A task or note to oneself, a colleague or the whole practice about this patient. An urgent one saved offline alarms
 * until somebody phones. The front desk writes administrative ones, which it can read itself, and chooses for whom.
 */
export function AddTask({
  record,
  whose,
  onClose,
}: {
  readonly record: Pick<RecordView, 'patientId'>;
  readonly whose: string;
  readonly onClose: () => void;
}) {
  const user = useSignedInUser();
  const clinical = useMay()('record-clinical');
  const people = useBagQuery('people to whom a task goes', async (bag) => {
    const shared = await bag.shared(['Practitioner', 'Organization']);
    const all = shared.map(({ text }) => parseForView(text) as Practitioner | Organization);
    return {
      staff: all.filter((one) => one.resourceType === 'Practitioner'),
      practice: all.find(
        (one) =>
          one.resourceType === 'Organization' &&
          one.identifier?.some(({ value }) => value === user.organisation),
      ),
    };
  }).value;
  const kinds = clinical ? KINDS : KINDS.filter(({ value }) => FRONT_DESK_KINDS.has(value));
  const form = useFormDraft('task', record.patientId, { kind: 'add-task' });
  const [text, setText] = form.field('text', '');
  const [kind, setKind] = form.field<EditedTask['kind']>('kind', clinical ? 'follow-up' : 'note');
  const [priority, setPriority] = form.field<EditedTask['priority']>('priority', 'routine');
  const [due, setDue] = form.field('due', '');
  const [owner, setOwner] = form.field('owner', clinical ? user.practitionerId : '');
  const { run, error, busy } = useEntrySave(record.patientId, onClose, useOpenNote(), form);
  const practiceId = people?.practice?.id;
  const owners = [
    ...(clinical ? [] : [{ value: '', label: 'Choose for whom' }]),
    { value: user.practitionerId, label: `${user.name} (you)` },
    ...(people?.staff ?? []).flatMap(({ id, name }) =>
      id === undefined || id === user.practitionerId
        ? []
        : [{ value: id, label: displayName(name?.[0] ?? null) }],
    ),
    ...(practiceId === undefined ? [] : [{ value: practiceId, label: 'Anybody at the practice' }]),
  ];
  const save = () =>
    void run((context) => [
      newTask(
        {
          id: newId(),
          text: text.trim(),
          kind,
          priority,
          ...(due === '' ? {} : { due }),
          owner: {
            ...(owner === practiceId ? { organisationId: owner } : { practitionerId: owner }),
            name:
              owner === practiceId
                ? user.organisationName
                : (owners.find((one) => one.value === owner)?.label.replace(' (you)', '') ?? ''),
          },
          ...(clinical ? {} : { administrative: true }),
        },
        context,
      ),
    ]);
  return (
    <EntryDialog
      title="Add a task or note"
      whose={whose}
      action="Save"
      ready={text.trim() !== '' && owner !== ''}
      busy={busy}
      error={error}
      form={form}
      onSubmit={save}
      onClose={onClose}
    >
      <TextAreaField
        label="What is to be done"
        rows={3}
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <div className="field-pair">
        <SelectField
          label="For"
          value={owner}
          onChange={(event) => {
            setOwner(event.target.value);
          }}
          choices={owners}
        />
        <SelectField
          label="Kind"
          value={kind}
          onChange={(event) => {
            setKind(event.target.value as EditedTask['kind']);
          }}
          choices={kinds}
        />
        <SelectField
          label="Priority"
          value={priority}
          onChange={(event) => {
            setPriority(event.target.value as EditedTask['priority']);
          }}
          choices={[
            { value: 'routine', label: 'Routine' },
            { value: 'urgent', label: 'Urgent' },
          ]}
        />
        <DateField label="Due" value={due} onChange={setDue} />
      </div>
    </EntryDialog>
  );
}
