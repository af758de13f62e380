import { newAllergy } from '../../../domain/record/allergy-edit.ts';
import { recordedHereWords } from '../../../domain/record/local-warnings.ts';
import type { EnteredConcept } from '../../../domain/record/record-edit.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import { Button, SelectField, TextAreaField, TextField } from '../../ui/index.ts';
import { usePractice } from '../practice/index.ts';
import { newId, useFormDraft, useOpenNote } from '../saving/index.ts';
import { EntryDialog } from './entry-dialog.tsx';
import { TermField } from './term-field.tsx';
import { useEntrySave } from './use-entry-save.ts';

const NONE_KNOWN: EnteredConcept = {
  text: 'No known allergy',
  code: '716186003',
  display: 'No known allergy',
};

/** Agent first and required; the rest is closed until it is there (ADR rules of the Common User Interface). */
export function AddAllergy({
  record,
  whose,
  onClose,
}: {
  readonly record: RecordView;
  readonly whose: string;
  readonly onClose: () => void;
}) {
  const form = useFormDraft('allergy', record.patientId, { kind: 'add-allergy' });
  const [agent, setAgent] = form.field<EnteredConcept>('agent', { text: '' });
  const [reaction, setReaction] = form.field('reaction', '');
  const [severity, setSeverity] = form.field('severity', '');
  const [certainty, setCertainty] = form.field<'confirmed' | 'unconfirmed'>('certainty', 'confirmed');
  const [text, setText] = form.field('text', '');
  const { run, error, busy } = useEntrySave(record.patientId, onClose, useOpenNote(), form);
  const { prescribing } = usePractice().settings;
  const known = agent.text.trim() !== '';
  const save = (of: EnteredConcept) =>
    void run((context) => [
      newAllergy(
        {
          id: newId(),
          agent: { ...of, text: of.text.trim() },
          reactions: reaction.trim() === '' ? [] : [{ text: reaction.trim() }],
          ...(severity === '' ? {} : { severity: severity as 'mild' | 'moderate' | 'severe' }),
          certainty,
          ...(text.trim() === '' ? {} : { text: text.trim() }),
        },
        context,
      ),
    ]);
  return (
    <EntryDialog
      title="Add an allergy or intolerance"
      whose={whose}
      action="Save"
      ready={known}
      busy={busy}
      error={error}
      form={form}
      onSubmit={() => {
        save(agent);
      }}
      onClose={onClose}
      extra={
        record.allergyList.length === 0 ? (
          <Button
            onClick={() => {
              save(NONE_KNOWN);
            }}
          >
            Record: no known allergy
          </Button>
        ) : null
      }
    >
      <TermField label="Causative agent" context="allergy" value={agent} onChange={setAgent} />
      {known && agent.code === undefined ? (
        <p className="quiet">Kept as words, an agent cannot be checked automatically against medicines.</p>
      ) : null}
      <TextField
        label="Reaction"
        disabled={!known}
        value={reaction}
        onChange={(event) => {
          setReaction(event.target.value);
        }}
      />
      <div className="field-pair">
        <SelectField
          label="Severity"
          disabled={!known}
          value={severity}
          onChange={(event) => {
            setSeverity(event.target.value);
          }}
          choices={[
            { value: '', label: 'Not recorded' },
            { value: 'mild', label: 'Mild' },
            { value: 'moderate', label: 'Moderate' },
            { value: 'severe', label: 'Severe' },
          ]}
        />
        <SelectField
          label="Certainty"
          disabled={!known}
          value={certainty}
          onChange={(event) => {
            setCertainty(event.target.value === 'unconfirmed' ? 'unconfirmed' : 'confirmed');
          }}
          choices={[
            { value: 'confirmed', label: 'Confirmed' },
            { value: 'unconfirmed', label: 'Not confirmed' },
          ]}
        />
      </div>
      <TextAreaField
        label="Comment"
        rows={2}
        disabled={!known}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <p className="quiet small">{recordedHereWords(prescribing?.name ?? null)}</p>
    </EntryDialog>
  );
}
