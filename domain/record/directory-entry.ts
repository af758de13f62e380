import type { PatientId } from '../identifiers.ts';

/** One of four titles, never a code (PAB-0064). */
export type AllergyTitle =
  'Known allergies' | 'No known allergies' | 'Allergies not recorded' | 'Allergies unavailable';

/** What must be known of a patient before the whole record has arrived (sync.md, Pull 4). */
export interface DirectorySafety {
  readonly allergyTitle: AllergyTitle;
  /** Display text of each active allergen, e.g. `Penicillin (rash)`. */
  readonly allergies: readonly string[];
  /** Flags that interrupt: safeguarding is shown as a discreet mark only. */
  readonly flags: readonly {
    readonly kind: 'safeguarding' | 'resuscitation' | 'other';
    readonly text: string;
  }[];
}

/** One registered patient as the directory carries them: enough to find, identify and keep safe. */
export interface DirectoryEntry {
  readonly id: PatientId;
  readonly family: string;
  readonly given: readonly string[];
  readonly prefix?: string;
  /** FHIR date as recorded: `1961-01-05`, `1961-01` or `1961`. */
  readonly birthDate?: string;
  readonly deceased?: string | true;
  readonly gender?: 'male' | 'female' | 'other' | 'unknown';
  /** Ten digits without spaces; absent for a temporary patient. */
  readonly nhsNumber?: string;
  /** Absent when the patient is protected. */
  readonly address?: { readonly lines: readonly string[]; readonly postcode?: string };
  readonly phones: readonly string[];
  readonly protectedPatient: boolean;
  readonly registration: 'registered' | 'temporary' | 'newborn' | 'deducted';
  readonly safety: DirectorySafety;
  /** How many resources the pack holds, and its compressed size in bytes: for progress and readiness. */
  readonly pack: { readonly resources: number; readonly bytes: number };
}
