export { entryName, PatientLine, ReadinessMark } from './patient-line.tsx';
export { usePatientSearch } from './use-patient-search.ts';
