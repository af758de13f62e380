import type { Role } from '../../../domain/sync/operation.ts';

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  gp: 'General practitioner',
  nurse: 'Practice nurse',
  locum: 'Locum general practitioner',
  receptionist: 'Receptionist',
  administrator: 'Practice administrator',
};

/** Computer Misuse Act 1990 notice, shown before anybody signs in (clinical.md, Governance). */
export const LEGAL_NOTICE =
  'This system holds confidential records of patients. Only people who are authorised may use it, and only for the care of patients or as the organisation directs. Unauthorised access is an offence under the Computer Misuse Act 1990. Every use is recorded: who, when, and whose record.';
