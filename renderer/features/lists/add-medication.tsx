import { spacedDose } from '../../../domain/clinical/medication-display.ts';
import { medicineGiven, medicineTaken, type EditedMedicine } from '../../../domain/record/medicine-edit.ts';
import type { EnteredConcept } from '../../../domain/record/record-edit.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import { localInstant, Notice, SelectField, TextAreaField, TextField } from '../../ui/index.ts';
import { newId, useFormDraft, useOpenNote } from '../saving/index.ts';
import { DateField } from '../dates/index.ts';
import { ChildWeight } from './child-weight.tsx';
import { DoseField } from './dose-field.tsx';
import { GivenBefore } from './given-before.tsx';
import { EntryDialog } from './entry-dialog.tsx';
import { MedicineCheck, useMedicineCheck } from './medicine-check.tsx';
import { TermField } from './term-field.tsx';
import { useEntrySave } from './use-entry-save.ts';

type Source = EditedMedicine['source'] | 'given here';

/** What is taken elsewhere or was given here. Prescribing is not in this version. */
export function AddMedication({
  record,
  whose,
  onClose,
}: {
  readonly record: RecordView;
  readonly whose: string;
  readonly onClose: () => void;
}) {
  const form = useFormDraft('medication', record.patientId, { kind: 'add-medication' });
  const [drug, setDrug] = form.field<EnteredConcept>('drug', { text: '' });
  const [source, setSource] = form.field<Source>('source', 'patient reports');
  const [dose, setDose] = form.field('dose', '');
  const [started, setStarted] = form.field('started', '');
  const [batch, setBatch] = form.field('batch', '');
  const [text, setText] = form.field('text', '');
  const [reason, setReason] = form.field('reason', '');
  const { run, error, busy } = useEntrySave(record.patientId, onClose, useOpenNote(), form);
  const name = drug.text.trim();
  const check = useMedicineCheck(name, record);
  const against = check?.against ?? [];
  const shared = {
    drug: { ...drug, text: name },
    ...(dose.trim() === '' ? {} : { dose: spacedDose(dose) }),
    ...(text.trim() === '' ? {} : { text: text.trim() }),
    ...(against.length === 0 ? {} : { although: { warnings: against, reason: reason.trim() } }),
  };
  return (
    <EntryDialog
      title="Record medication"
      whose={whose}
      action="Save"
      ready={name !== '' && (against.length === 0 || reason.trim() !== '')}
      busy={busy}
      error={error}
      form={form}
      onClose={onClose}
      onSubmit={() =>
        void run((context) => [
          source === 'given here'
            ? medicineGiven(
                {
                  ...shared,
                  id: newId(),
                  given: localInstant(),
                  ...(batch.trim() === '' ? {} : { batch: batch.trim() }),
                },
                context,
              )
            : medicineTaken(
                { ...shared, id: newId(), source, ...(started === '' ? {} : { started }) },
                context,
              ),
        ])
      }
    >
      <Notice>This records what is taken or was given. It does not prescribe and is not for issuing.</Notice>
      <TermField
        label="Medicine"
        context="medicine"
        value={drug}
        onChange={(next) => {
          setDrug(next);
          // A reason is given for one medicine, not for the next that stands here.
          if (next.text !== drug.text) setReason('');
        }}
      />
      {check ? <MedicineCheck check={check} reason={reason} onReason={setReason} /> : null}
      <DoseField value={dose} onChange={setDose} />
      <ChildWeight record={record} />
      {source === 'given here' ? <GivenBefore record={record} drug={{ ...drug, text: name }} /> : null}
      <div className="field-pair">
        <SelectField
          label="Where it comes from"
          value={source}
          onChange={(event) => {
            setSource(event.target.value as Source);
          }}
          choices={[
            { value: 'patient reports', label: 'Reported by the patient' },
            { value: 'prescribed elsewhere', label: 'Prescribed elsewhere' },
            { value: 'over the counter', label: 'Over the counter' },
            { value: 'given here', label: 'Given here, now' },
          ]}
        />
        {source === 'given here' ? (
          <TextField
            label="Batch"
            value={batch}
            onChange={(event) => {
              setBatch(event.target.value);
            }}
          />
        ) : (
          <DateField label="Started" value={started} onChange={setStarted} />
        )}
      </div>
      <TextAreaField
        label="Comment"
        rows={2}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
    </EntryDialog>
  );
}
