export { ConsultationPane } from './consultation-pane.tsx';
export { ReopenConsultation } from './reopen.tsx';
export { signedLately } from './signed-here.ts';
export { TriedTemplate } from './tried-template.tsx';
