export { DateField } from './date-field.tsx';
export { readDateText } from './date-text.ts';
