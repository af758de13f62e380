export { ConsultationPane } from './consultation-pane.tsx';
export { ReopenConsultation } from './reopen.tsx';
