import { codedEntry } from '../../../domain/record/coded-entry.ts';
import type { EnteredConcept } from '../../../domain/record/record-edit.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import { newId, useFormDraft, useOpenNote } from '../saving/index.ts';
import { EntryDialog } from './entry-dialog.tsx';
import { ProblemFields, type ProblemForm } from './problem-fields.tsx';
import { TermField } from './term-field.tsx';
import { useEntrySave } from './use-entry-save.ts';

export function AddProblem({
  record,
  whose,
  onClose,
}: {
  readonly record: RecordView;
  readonly whose: string;
  readonly onClose: () => void;
}) {
  const kept = useFormDraft('problem', record.patientId, { kind: 'add-problem' });
  const [concept, setConcept] = kept.field<EnteredConcept>('concept', { text: '' });
  const [form, setForm] = kept.field<ProblemForm>('form', {
    significance: 'significant',
    status: 'active',
    date: '',
    text: '',
  });
  const { run, error, busy } = useEntrySave(record.patientId, onClose, useOpenNote(), kept);
  const known = concept.text.trim() !== '';
  return (
    <EntryDialog
      title="Add a problem"
      whose={whose}
      action="Save"
      ready={known}
      busy={busy}
      error={error}
      form={kept}
      onClose={onClose}
      onSubmit={() =>
        void run((context) => [
          codedEntry(
            {
              id: newId(),
              concept: { ...concept, text: concept.text.trim() },
              as: 'problem',
              problem: { significance: form.significance, status: form.status },
              ...(form.date === '' ? {} : { onset: form.date }),
              ...(form.text.trim() === '' ? {} : { text: form.text.trim() }),
            },
            context,
          ),
        ])
      }
    >
      <TermField label="Problem" context="diagnosis" value={concept} onChange={setConcept} />
      <ProblemFields form={form} dateLabel="Onset" onForm={setForm} />
    </EntryDialog>
  );
}
