export { entryName, PatientLine, ReadinessMark, READINESS_WORDS } from './patient-line.tsx';
export { usePatientSearch, type FoundPatients } from './use-patient-search.ts';
