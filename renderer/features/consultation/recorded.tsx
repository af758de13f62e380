import type { EntryView } from '../../../domain/record/record-view.ts';
import { useRecordView } from '../record/index.ts';
import type { ConsultationNote } from './note.ts';
import { recordedInWords } from './to-write.ts';

/** What was recorded by other keys while this note was written; read from the record, so nothing of it can be lost. */
export function useRecorded(note: ConsultationNote, patientId: string): readonly EntryView[] {
  const open = useRecordView(patientId, 'openNotes', null).value ?? [];
  const mine = new Set([note.encounterId, ...(note.earlier ?? [])]);
  return open
    .filter(({ encounterId, entry }) => mine.has(encounterId) && entry.enteredInError === null)
    .map(({ entry }) => entry);
}

export function Recorded({ recorded }: { readonly recorded: readonly EntryView[] }) {
  if (recorded.length === 0) return null;
  return (
    <section aria-label="Recorded in this consultation">
      <h3 className="note-heading">Recorded in this consultation</h3>
      <ul className="lines">
        {recordedInWords(recorded).map(({ key, name, value }) => (
          <li key={key} className="line-item">
            {name} <strong>{value}</strong>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Of what was recorded meanwhile, for who gives the note up; `undefined` where there is nothing. */
export function staysInWords(recorded: readonly EntryView[]): string | undefined {
  if (recorded.length === 0) return undefined;
  const names = recordedInWords(recorded).map(({ name, value }) => `${name} ${value}`.trim());
  return `Recorded meanwhile, saved, and stays in the record: ${names.join('; ')}.`;
}
