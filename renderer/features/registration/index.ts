export { RegistrationScreen } from './registration-screen.tsx';
