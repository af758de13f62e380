export { ChangeDemographics } from './change-demographics.tsx';
export { RegistrationScreen } from './registration-screen.tsx';
