import type { EditedEntry } from './coded-entry.ts';

/**
 * Chaperone and consent, as a person chose them. Our own codes: neither the Global Patient Set nor the terms seen in
 * test messages hold the UK ones, and no code is written from memory; a release of the UK Edition maps them.
 */
export type Circumstances = {
  readonly chaperone?: {
    readonly state: 'offered' | 'accepted' | 'declined';
    /** who was there; '' where not said */
    readonly name: string;
  };
  readonly consent?: { readonly state: 'given' | 'declined'; readonly name: string };
};

const CIRCUMSTANCE_SYSTEM = 'https://gladstone.example/CodeSystem/circumstance';

const CHAPERONE_WORDS = {
  offered: 'Chaperone offered',
  accepted: 'Chaperone accepted and present',
  declined: 'Chaperone offered and declined',
} as const;

const CONSENT_WORDS = { given: 'Consent given', declined: 'Consent declined' } as const;

/** Coded entries for the consultation; none where nothing was chosen. */
export function circumstanceEntries(
  { chaperone, consent }: Circumstances,
  newId: () => string,
): readonly EditedEntry[] {
  return [
    ...(chaperone
      ? [
          entry(
            `chaperone-${chaperone.state}`,
            CHAPERONE_WORDS[chaperone.state],
            chaperone.name.trim() === '' ? '' : `Chaperone: ${chaperone.name.trim()}`,
            newId,
          ),
        ]
      : []),
    ...(consent
      ? [
          entry(
            `consent-${consent.state}`,
            CONSENT_WORDS[consent.state],
            consent.name.trim() === '' ? '' : `By: ${consent.name.trim()}`,
            newId,
          ),
        ]
      : []),
  ];
}

function entry(code: string, words: string, text: string, newId: () => string): EditedEntry {
  return {
    id: newId(),
    concept: { text: words, code, system: CIRCUMSTANCE_SYSTEM, display: words },
    as: 'finding',
    ...(text === '' ? {} : { text }),
  };
}
