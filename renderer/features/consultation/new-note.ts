import { EMPTY_SET } from '../observations/index.ts';
import { newId } from '../saving/index.ts';
import { localInstant } from '../../ui/index.ts';
import { emptyLine, type ConsultationNote } from './note.ts';

/** A note begun now, with one line to type in. */
export function newNote(encounterId = newId()): ConsultationNote {
  return {
    encounterId,
    type: 'GP surgery',
    startedAt: localInstant(),
    happenedOn: null,
    about: null,
    circumstances: '',
    sensitive: [],
    lines: [emptyLine(newId(), 'History')],
    boxes: [],
    news2: false,
    questionnaires: {},
    reminders: [],
    observations: EMPTY_SET,
  };
}

/** A draft's note; the words of an earlier build on who came with a child become a person's name. */
export function resumedNote(content: string): ConsultationNote {
  const { accompaniedBy, ...note } = JSON.parse(content) as ConsultationNote & { accompaniedBy?: string };
  if (accompaniedBy === undefined || accompaniedBy.trim() === '' || note.companions) return note;
  return {
    ...note,
    companions: [{ id: newId(), role: 'accompanied', relation: '', name: accompaniedBy.trim() }],
  };
}

/** The Encounter of a draft's note; `null` where the draft cannot be read. */
export function encounterOf(content: string): string | null {
  try {
    return (JSON.parse(content) as Partial<ConsultationNote> | null)?.encounterId ?? null;
  } catch {
    return null;
  }
}
