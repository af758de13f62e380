import { useState } from 'react';
import { codedEntry } from '../../../domain/record/coded-entry.ts';
import type { EnteredConcept } from '../../../domain/record/record-edit.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import { SelectField, TextAreaField } from '../../ui/index.ts';
import { newId } from '../saving/index.ts';
import { DateField } from '../dates/index.ts';
import { EntryDialog } from './entry-dialog.tsx';
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
  const [concept, setConcept] = useState<EnteredConcept>({ text: '' });
  const [significance, setSignificance] = useState<'significant' | 'minor'>('significant');
  const [status, setStatus] = useState<'active' | 'past'>('active');
  const [onset, setOnset] = useState('');
  const [text, setText] = useState('');
  const { run, error, busy } = useEntrySave(record.patientId, onClose);
  const known = concept.text.trim() !== '';
  return (
    <EntryDialog
      title="Add a problem"
      whose={whose}
      action="Save"
      ready={known}
      busy={busy}
      error={error}
      onClose={onClose}
      onSubmit={() =>
        void run((context) => [
          codedEntry(
            {
              id: newId(),
              concept: { ...concept, text: concept.text.trim() },
              as: 'problem',
              problem: { significance, status },
              ...(onset === '' ? {} : { onset }),
              ...(text.trim() === '' ? {} : { text: text.trim() }),
            },
            context,
          ),
        ])
      }
    >
      <TermField label="Problem" context="diagnosis" value={concept} onChange={setConcept} />
      <div className="field-pair">
        <SelectField
          label="Significance"
          value={significance}
          onChange={(event) => {
            setSignificance(event.target.value === 'minor' ? 'minor' : 'significant');
          }}
          choices={[
            { value: 'significant', label: 'Significant' },
            { value: 'minor', label: 'Minor' },
          ]}
        />
        <SelectField
          label="Status"
          value={status}
          onChange={(event) => {
            setStatus(event.target.value === 'past' ? 'past' : 'active');
          }}
          choices={[
            { value: 'active', label: 'Active' },
            { value: 'past', label: 'Past' },
          ]}
        />
      </div>
      <DateField label="Onset" value={onset} onChange={setOnset} />
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
