/**
 * Who came along or told the history, as data (H-038): a RelatedPerson within the Encounter, with relation, name and, for
 * who speaks for the patient, by what authority, for what and until when. Nothing of it is inferred.
 */
import type { Encounter, EncounterParticipant, RelatedPerson } from '@medplum/fhirtypes';
import { extensionOf, EXTENSION } from './record-extensions.ts';

const ROLE_CODE = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';
const OWN_RELATION = 'https://gladstone.example/CodeSystem/relation';
const PARTICIPATION = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';

/** Relations in the order in which they are offered. Codes of v3-RoleCode; our own where it has none. */
export const RELATIONS = [
  { key: 'mother', label: 'Mother', system: ROLE_CODE, code: 'MTH' },
  { key: 'father', label: 'Father', system: ROLE_CODE, code: 'FTH' },
  { key: 'spouse', label: 'Husband, wife or civil partner', system: ROLE_CODE, code: 'SPS' },
  { key: 'partner', label: 'Partner', system: ROLE_CODE, code: 'DOMPART' },
  { key: 'daughter', label: 'Daughter', system: ROLE_CODE, code: 'DAUC' },
  { key: 'son', label: 'Son', system: ROLE_CODE, code: 'SONC' },
  { key: 'grandparent', label: 'Grandparent', system: ROLE_CODE, code: 'GRPRN' },
  { key: 'sibling', label: 'Brother or sister', system: ROLE_CODE, code: 'SIB' },
  { key: 'other-relative', label: 'Other relative', system: ROLE_CODE, code: 'EXT' },
  { key: 'guardian', label: 'Guardian', system: ROLE_CODE, code: 'GUARD' },
  { key: 'foster-parent', label: 'Foster parent', system: ROLE_CODE, code: 'PRNFOST' },
  { key: 'friend', label: 'Friend', system: ROLE_CODE, code: 'FRND' },
  { key: 'neighbour', label: 'Neighbour', system: ROLE_CODE, code: 'NBOR' },
  { key: 'carer', label: 'Carer', system: OWN_RELATION, code: 'carer' },
  { key: 'care-home-staff', label: 'Care-home staff', system: OWN_RELATION, code: 'care-home-staff' },
  { key: 'social-worker', label: 'Social worker', system: OWN_RELATION, code: 'social-worker' },
  { key: 'other', label: 'Other', system: OWN_RELATION, code: 'other' },
  { key: 'alone', label: 'Nobody: came alone', system: OWN_RELATION, code: 'alone' },
] as const;
export type RelationKey = (typeof RELATIONS)[number]['key'];

/** By what somebody speaks for the patient, as the clinician saw or was told it. */
export const AUTHORITIES = [
  { key: 'parental-responsibility', label: 'Parental responsibility' },
  { key: 'health-attorney', label: 'Lasting power of attorney for health' },
  { key: 'deputy', label: 'Deputy of the Court of Protection' },
  { key: 'consent', label: 'The patient’s consent' },
  { key: 'none-shown', label: 'Says so; nothing shown' },
] as const;
export type AuthorityKey = (typeof AUTHORITIES)[number]['key'];

export interface Companion {
  readonly id: string;
  /** `accompanied`: came along. `informant`: told the history, there or by telephone. */
  readonly role: 'accompanied' | 'informant';
  readonly relation: RelationKey | '';
  readonly name: string;
  /** Speaks for the patient: by what, for what, until when. */
  readonly authority?: {
    readonly by: AuthorityKey;
    /** What it covers, in words; '' where not said. */
    readonly scope: string;
    /** FHIR date on which it ends; '' where none was said. */
    readonly until: string;
  };
}

const AUTHORITY_SYSTEM = 'https://gladstone.example/CodeSystem/proxy-authority';
/** Told the history; came along. Escort is the one code for that, though its definition thinks of transport. */
const TYPES = {
  informant: { system: PARTICIPATION, code: 'INF', display: 'informant' },
  accompanied: { system: PARTICIPATION, code: 'ESC', display: 'escort' },
} as const;

export function isNamed({ relation, name }: Companion): boolean {
  return relation !== '' || name.trim() !== '';
}

/** Nobody came along, and somebody asked: said in words, no person is made of it. */
export function cameAlone({ relation }: Pick<Companion, 'relation'>): boolean {
  return relation === 'alone';
}

/** "Accompanied by mother, Jane Smith; parental responsibility". */
export function companionWords({ role, relation, name, authority }: Companion): string {
  if (relation === 'alone') return 'Came alone';
  const who = [labelOf(RELATIONS, relation).toLowerCase(), name.trim()]
    .filter((part) => part !== '')
    .join(', ');
  const words = `${role === 'informant' ? 'History from' : 'Accompanied by'} ${who}`;
  if (authority === undefined) return words;
  const until = authority.until === '' ? '' : ` until ${authority.until}`;
  const scope = authority.scope.trim() === '' ? '' : ` (${authority.scope.trim()})`;
  return `${words}; speaks for the patient: ${labelOf(AUTHORITIES, authority.by)}${scope}${until}`;
}

/** The Encounter's participants and the persons contained in it; nothing where nobody was named. */
export function companionsIn(
  companions: readonly Companion[],
  patient: { readonly reference: string },
): { readonly contained: RelatedPerson[]; readonly participant: EncounterParticipant[] } {
  const named = companions.filter((one) => isNamed(one) && !cameAlone(one));
  return {
    contained: named.map((companion) => personOf(companion, patient)),
    participant: named.map(({ id, role, relation, name }) => ({
      type: [{ coding: [TYPES[role]] }],
      individual: {
        reference: `#${id}`,
        display: name.trim() === '' ? labelOf(RELATIONS, relation) : name.trim(),
      },
    })),
  };
}

function personOf(
  { id, relation, name, authority }: Companion,
  patient: { readonly reference: string },
): RelatedPerson {
  const coded = RELATIONS.find(({ key }) => key === relation);
  return {
    resourceType: 'RelatedPerson',
    id,
    ...(authority === undefined
      ? {}
      : {
          extension: [
            {
              url: EXTENSION.proxyAuthority,
              extension: [
                {
                  url: 'by',
                  valueCoding: {
                    system: AUTHORITY_SYSTEM,
                    code: authority.by,
                    display: labelOf(AUTHORITIES, authority.by),
                  },
                },
                ...(authority.scope.trim() === ''
                  ? []
                  : [{ url: 'scope', valueString: authority.scope.trim() }]),
                ...(authority.until === '' ? [] : [{ url: 'until', valueDate: authority.until }]),
              ],
            },
          ],
        }),
    patient,
    ...(coded && {
      relationship: [
        { coding: [{ system: coded.system, code: coded.code, display: coded.label }], text: coded.label },
      ],
    }),
    ...(name.trim() === '' ? {} : { name: [{ text: name.trim() }] }),
  };
}

/** Who was there by the Encounter itself, as data again. */
export function readCompanions(
  encounter: Pick<Encounter, 'contained' | 'participant'>,
): readonly Companion[] {
  return (encounter.participant ?? []).flatMap((participant): readonly Companion[] => {
    const code = participant.type?.[0]?.coding?.[0]?.code;
    const role = code === 'INF' ? 'informant' : code === 'ESC' ? 'accompanied' : null;
    const id = participant.individual?.reference?.slice(1);
    const person = encounter.contained?.find((one) => one.id === id);
    if (role === null || id === undefined || person?.resourceType !== 'RelatedPerson') return [];
    const coding = person.relationship?.[0]?.coding?.[0];
    const relation = RELATIONS.find((one) => one.system === coding?.system && one.code === coding.code);
    const parts = extensionOf(person, EXTENSION.proxyAuthority)?.extension;
    const by = AUTHORITIES.find(
      ({ key }) => key === parts?.find(({ url }) => url === 'by')?.valueCoding?.code,
    );
    return [
      {
        id,
        role,
        relation: relation?.key ?? '',
        name: person.name?.[0]?.text ?? '',
        ...(by && {
          authority: {
            by: by.key,
            scope: parts?.find(({ url }) => url === 'scope')?.valueString ?? '',
            until: parts?.find(({ url }) => url === 'until')?.valueDate ?? '',
          },
        }),
      },
    ];
  });
}

function labelOf(list: readonly { readonly key: string; readonly label: string }[], key: string): string {
  return list.find((one) => one.key === key)?.label ?? '';
}
