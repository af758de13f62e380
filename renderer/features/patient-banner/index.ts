export { bannerOfEntry, bannerOfRecord } from './banner-of.ts';
export { PatientBanner } from './patient-banner.tsx';
export { GuardedPatientContext, SaveGuard, useLookAlike } from './look-alike.tsx';
export { patientOnBanner } from './shown-patient.ts';
