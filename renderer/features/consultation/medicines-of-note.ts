import { checkWrittenMedicines, type WrittenMedicines } from '../../../domain/clinical/written-medicines.ts';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import { medicineFacts } from '../lists/index.ts';
import { hasWords, type NoteLine } from './note.ts';

/** A line that names medicines by where it stands or by its code: under Medication, or a coded substance or product. */
export function namesMedicines(line: NoteLine): boolean {
  if (!hasWords(line)) return false;
  return line.heading === 'Medication' || line.code?.kind === 'product' || line.code?.kind === 'substance';
}

/** What the line says against the allergies of the record (H-086). */
export function checkLine(
  line: NoteLine,
  { allergies, completeness }: Pick<RecordView, 'allergies' | 'completeness'>,
): WrittenMedicines {
  const { dataAsOf } = completeness;
  const words = [line.code?.term ?? '', line.text].filter((part) => part.trim() !== '').join(' ');
  return checkWrittenMedicines(
    words,
    allergies,
    medicineFacts,
    dataAsOf === null ? 'an unknown time' : displayDateTime(dataAsOf),
  );
}
