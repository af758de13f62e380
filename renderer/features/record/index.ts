export { ProvenancePanel } from './provenance.tsx';
export { RECORD_TABS, RecordScreen, type RecordTab } from './record-screen.tsx';
export { RecordActionsContext, useRecordAction, type RecordAction } from './record-actions.ts';
export { Marks } from './marks.tsx';
export { useRecord, useRecordView } from './use-record.ts';
