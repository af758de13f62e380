export { changeFrom, editContext, resourceOf } from './edits.ts';
export { DraftLine } from './draft-line.tsx';
export { changeOf, type EditableResource } from './resource-edit.ts';
export { OpenNoteContext, useOpenNote } from './open-note.ts';
export { useResumedDraft } from './use-resumed-draft.ts';
export { flushDrafts, useDraft } from './use-draft.ts';
export { newId } from './new-id.ts';
export { SavedWords } from './saved-words.tsx';
export { useSave } from './save.ts';
