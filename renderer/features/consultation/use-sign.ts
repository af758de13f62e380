import { createElement, useState } from 'react';
import type { BridgeError } from '../../../contract/channels/channel.ts';
import { stringifyExact } from '../../../domain/fhir/exact-json.ts';
import type { EntryView, RecordView } from '../../../domain/record/record-view.ts';
import { usePractice } from '../practice/index.ts';
import { changeFrom, editContext, newId, SavedWords, useSave } from '../saving/index.ts';
import { useSignedInUser } from '../session/index.ts';
import { localInstant, useToaster } from '../../ui/index.ts';
import { signConsultation } from '../../../domain/record/consultation.ts';
import { editedConsultation, followUpTasks, questionnaireLines } from './edited.ts';
import { hasWords, type ConsultationNote } from './note.ts';
import { rememberSigned } from './signed-here.ts';
import type { NoteObservations } from './use-note-observations.ts';

/** Signs the note for the patient on the banner: one save group, the draft ends with it. */
export function useSign({
  note,
  taken,
  recorded,
  record,
  draftId,
  groupId,
  flush,
  onSigned,
}: {
  readonly note: ConsultationNote;
  /** Its observations. */
  readonly taken: NoteObservations;
  /** What was recorded while it was written. */
  readonly recorded: readonly EntryView[];
  readonly record: RecordView;
  readonly draftId: string;
  readonly groupId: string;
  readonly flush: () => Promise<unknown>;
  readonly onSigned: () => void;
}) {
  const user = useSignedInUser();
  const save = useSave();
  const toaster = useToaster();
  const { settings } = usePractice();
  const [error, setError] = useState<BridgeError | null>(null);
  const [busy, setBusy] = useState(false);
  const sign = async () => {
    if (busy) return;
    const { open } = taken.set;
    if (open.length > 0) {
      setError({
        code: 'observations-open',
        message: open.map((one) => one.words).join(' '),
        lost: 'nothing',
        remedy: 'Correct the value, or press Enter twice in its box to keep an unusual one.',
      });
      return;
    }
    if (
      !note.lines.some(hasWords) &&
      taken.count + recorded.length === 0 &&
      questionnaireLines(note, settings).length === 0
    )
      return;
    setBusy(true);
    toaster.hush();
    // The draft holds the last words too: it comes back whole if the consultation is reopened.
    await flush();
    const now = localInstant();
    const observations = taken.build(now);
    const context = editContext(user, record.patientId, note.encounterId);
    const ids = { encounterId: note.encounterId, compositionId: newId() };
    const edits = [
      ...signConsultation(editedConsultation(note, observations, settings, newId, recorded), ids, context),
      ...followUpTasks(note, context),
    ];
    const answer = await save({
      groupId,
      patientId: record.patientId,
      encounterId: note.encounterId,
      draftId,
      changes: [
        ...edits.map((edit) => changeFrom(edit)),
        ...observations.map((observation) => ({
          kind: 'append' as const,
          resource: `Observation/${observation.id ?? ''}`,
          after: stringifyExact(observation),
        })),
      ],
    });
    setBusy(false);
    if (!answer.ok) {
      setError(answer.error);
      return;
    }
    rememberSigned(`Composition/${ids.compositionId}`, {
      groupId,
      draftId,
      patientId: record.patientId,
      signedAt: answer.value.savedAt,
    });
    toaster.tell(createElement(SavedWords, { answer: answer.value }));
    onSigned();
  };
  return { sign, error, busy };
}
