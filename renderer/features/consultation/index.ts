export { ConsultationPane } from './consultation-pane.tsx';
export { draftsInWords } from './drafts-in-words.ts';
export { newNote } from './new-note.ts';
export type { ConsultationNote, NoteLine } from './note.ts';
export { ReopenConsultation } from './reopen.tsx';
export { signedLately } from './signed-here.ts';
export { TriedTemplate } from './tried-template.tsx';
