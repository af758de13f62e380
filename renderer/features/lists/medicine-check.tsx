import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import { checkNewMedicine, type NewMedicineCheck } from '../../../domain/clinical/new-medicine-check.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import { SwitchedOffNotice, useSwitchedOff } from '../practice/index.ts';
import { Notice, TextField } from '../../ui/index.ts';
import { medicineFacts } from './medicine-rules.ts';
import { moveOn } from './move-on.ts';

/** What the record says about the medicine that stands in the box; null while too little stands there. */
export function useMedicineCheck(medicine: string, record: RecordView): NewMedicineCheck | null {
  const isOn = useSwitchedOff('rule:allergy-check') === null;
  if (medicine.length < 3) return null;
  const { dataAsOf } = record.completeness;
  const { medication, disputedMedication } = record.summary;
  return checkNewMedicine(
    medicine,
    isOn ? record.allergies : null,
    [...disputedMedication, ...medication].map(({ drug }) => drug.text),
    medicineFacts,
    dataAsOf === null ? 'an unknown time' : displayDateTime(dataAsOf),
  );
}

/** What speaks against a medicine, and what no rule could read. What is known to speak against it asks for a reason. */
export function MedicineCheck({
  check,
  reason,
  onReason,
}: {
  readonly check: NewMedicineCheck;
  readonly reason: string;
  readonly onReason: (reason: string) => void;
}) {
  return (
    <>
      <SwitchedOffNotice target="rule:allergy-check" name="Allergy check" />
      <div className="stack" aria-live="polite">
        {check.against.map((words) => (
          <Notice key={words} tone="danger" role="alert">
            <strong>{words}</strong>
          </Notice>
        ))}
      </div>
      {check.against.length > 0 ? (
        <TextField
          label="Reason to record it all the same"
          hint="Nothing is saved without a reason. It is kept with the entry and marked in the medication list."
          required
          value={reason}
          onChange={(event) => {
            onReason(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.ctrlKey) return;
            event.preventDefault();
            if (reason.trim() !== '') moveOn(event.currentTarget);
          }}
        />
      ) : null}
      <div className="stack" aria-live="polite">
        {[...check.cautions, ...check.notChecked].map((words) => (
          <Notice key={words} tone="amber">
            {words}
          </Notice>
        ))}
        {check.words.map((words) => (
          <p key={words} className="quiet small">
            {words}
          </p>
        ))}
      </div>
    </>
  );
}
