import { checkAllergies } from '../../../domain/clinical/allergy-check.ts';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import { SwitchedOffNotice, useSwitchedOff } from '../practice/index.ts';
import { Notice } from '../../ui/index.ts';
import { medicineFacts } from './medicine-rules.ts';

/** The allergies that speak against a medicine, and what no rule could read. Never "no conflict". */
export function MedicineAllergies({
  medicine,
  record,
}: {
  readonly medicine: string;
  readonly record: RecordView;
}) {
  const isOn = useSwitchedOff('rule:allergy-check') === null;
  const { dataAsOf } = record.completeness;
  if (!isOn) return <SwitchedOffNotice target="rule:allergy-check" name="Allergy check" />;
  const check = checkAllergies(
    medicine,
    record.allergies,
    medicineFacts,
    dataAsOf === null ? 'an unknown time' : displayDateTime(dataAsOf),
  );
  return (
    <div className="stack" aria-live="polite">
      {check.findings.map((finding) => (
        <Notice key={finding.words} tone="danger" role="alert">
          <strong>{finding.words}</strong>
        </Notice>
      ))}
      {check.notChecked.map((words) => (
        <Notice key={words} tone="amber">
          {words}
        </Notice>
      ))}
      <p className="quiet">{check.words}</p>
    </div>
  );
}
