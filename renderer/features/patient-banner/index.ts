export { bannerOfEntry, bannerOfRecord, type BannerContent } from './banner-of.ts';
export { PatientBanner } from './patient-banner.tsx';
export { patientOnBanner } from './shown-patient.ts';
