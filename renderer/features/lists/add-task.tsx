import { useState } from 'react';
import { parseForView } from '../../../domain/fhir/exact-json.ts';
import { displayName } from '../../../domain/clinical/patient-name.ts';
import { newTask, type EditedTask } from '../../../domain/record/task-edit.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import type { Practitioner } from '@medplum/fhirtypes';
import { useBagQuery } from '../bag/index.ts';
import { newId } from '../saving/index.ts';
import { useSignedInUser } from '../session/index.ts';
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

/** A task or note to oneself or a colleague about this patient. An urgent one saved offline alarms until somebody phones. */
export function AddTask({
  record,
  whose,
  onClose,
}: {
  readonly record: RecordView;
  readonly whose: string;
  readonly onClose: () => void;
}) {
  const user = useSignedInUser();
  const staff = useBagQuery('staff', async (bag) => {
    const practitioners = await bag.shared(['Practitioner']);
    return practitioners.map(({ text }) => parseForView(text) as Practitioner);
  }).value;
  const [text, setText] = useState('');
  const [kind, setKind] = useState<EditedTask['kind']>('follow-up');
  const [priority, setPriority] = useState<EditedTask['priority']>('routine');
  const [due, setDue] = useState('');
  const [owner, setOwner] = useState(user.practitionerId);
  const { run, error, busy } = useEntrySave(record.patientId, onClose);
  const owners = [
    { value: user.practitionerId, label: `${user.name} (you)` },
    ...(staff ?? []).flatMap(({ id, name }) =>
      id === undefined || id === user.practitionerId
        ? []
        : [{ value: id, label: displayName(name?.[0] ?? null) }],
    ),
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
            practitionerId: owner,
            name: owners.find((one) => one.value === owner)?.label.replace(' (you)', '') ?? '',
          },
        },
        context,
      ),
    ]);
  return (
    <EntryDialog
      title="Add a task or note"
      whose={whose}
      action="Save"
      ready={text.trim() !== ''}
      busy={busy}
      error={error}
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
          choices={KINDS}
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
