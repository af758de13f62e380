import type { RecordView } from '../../../domain/record/record-view.ts';
import { SwitchedOffNotice, useSwitchedOff } from '../practice/index.ts';
import { Notice } from '../../ui/index.ts';
import { checkLine, namesMedicines } from './medicines-of-note.ts';
import type { NoteLine } from './note.ts';

/** Beside a line that names medicines: warnings as typed, what was read, and what could not be checked. */
export function LineAllergies({
  line,
  record,
}: {
  readonly line: NoteLine;
  readonly record: Pick<RecordView, 'allergies' | 'completeness'>;
}) {
  const isOn = useSwitchedOff('rule:allergy-check') === null;
  if (!namesMedicines(line)) return null;
  if (!isOn) return <SwitchedOffNotice target="rule:allergy-check" name="Allergy check" />;
  const { findings, notChecked, words } = checkLine(line, record);
  return (
    <div className="line-allergies" aria-live="polite">
      {findings.map((finding) => (
        <Notice key={finding.words} tone="danger" role="alert">
          <strong>{finding.words}</strong>
        </Notice>
      ))}
      {notChecked.map((one) => (
        <Notice key={one} tone="amber">
          {one}
        </Notice>
      ))}
      <p className="quiet small">{words}</p>
    </div>
  );
}

/** The same in the review, before the signature: all lines together, warnings first. */
export function NoteAllergies({
  lines,
  record,
}: {
  readonly lines: readonly NoteLine[];
  readonly record: Pick<RecordView, 'allergies' | 'completeness'>;
}) {
  const isOn = useSwitchedOff('rule:allergy-check') === null;
  const named = lines.filter(namesMedicines);
  if (named.length === 0) return null;
  if (!isOn) return <SwitchedOffNotice target="rule:allergy-check" name="Allergy check" />;
  const checks = named.map((line) => checkLine(line, record));
  const findings = [...new Set(checks.flatMap((check) => check.findings.map(({ words }) => words)))];
  const isWhole =
    findings.length === 0 &&
    checks.every(({ read, notChecked }) => read.length > 0 && notChecked.length === 0);
  const rest = [...new Set(checks.flatMap(({ words, notChecked }) => [words, ...notChecked]))];
  return (
    <>
      {findings.map((words) => (
        <Notice key={words} tone="danger" role="alert">
          <strong>{words}</strong>
        </Notice>
      ))}
      <Notice tone={isWhole ? 'information' : 'amber'}>
        <strong>Medicines written here, against the allergies recorded:</strong>
        <ul>
          {rest.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      </Notice>
    </>
  );
}
