import { SelectField, TextAreaField } from '../../ui/index.ts';
import { DateField } from '../dates/index.ts';

export interface ProblemForm {
  readonly significance: 'significant' | 'minor';
  readonly status: 'active' | 'past';
  /** FHIR date; '' where not said: onset of a new problem, end of a known one. */
  readonly date: string;
  readonly text: string;
}

/** What is said of a problem, new or known. */
export function ProblemFields({
  form,
  dateLabel,
  dateDisabled = false,
  onForm,
}: {
  readonly form: ProblemForm;
  readonly dateLabel: string;
  readonly dateDisabled?: boolean;
  readonly onForm: (form: ProblemForm) => void;
}) {
  return (
    <>
      <div className="field-pair">
        <SelectField
          label="Status"
          value={form.status}
          onChange={(event) => {
            onForm({ ...form, status: event.target.value === 'past' ? 'past' : 'active' });
          }}
          choices={[
            { value: 'active', label: 'Active' },
            { value: 'past', label: 'Past' },
          ]}
        />
        <SelectField
          label="Significance"
          value={form.significance}
          onChange={(event) => {
            onForm({ ...form, significance: event.target.value === 'minor' ? 'minor' : 'significant' });
          }}
          choices={[
            { value: 'significant', label: 'Significant' },
            { value: 'minor', label: 'Minor' },
          ]}
        />
      </div>
      <DateField
        label={dateLabel}
        disabled={dateDisabled}
        value={form.date}
        onChange={(date) => {
          onForm({ ...form, date });
        }}
      />
      <TextAreaField
        label="Comment"
        rows={2}
        value={form.text}
        onChange={(event) => {
          onForm({ ...form, text: event.target.value });
        }}
      />
    </>
  );
}
