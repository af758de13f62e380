export { MasterSystem } from './master-system.tsx';
export { MedicationWords } from './medication-line.tsx';
export { MedicineDetails } from './medicine-details.tsx';
export { OpenDocument } from './open-document.tsx';
export { ProvenancePanel } from './provenance.tsx';
export { PrintHead, PrintRecord } from './print-record.tsx';
export { RECORD_TAB_TITLES, RECORD_TABS, RecordScreen, type RecordTab } from './record-screen.tsx';
export { RecordActionsContext, type RecordAction } from './record-actions.ts';
export { useRecord, useRecordView } from './use-record.ts';
