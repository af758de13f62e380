/**
 * What holds for the whole practice, each a Basic resource without a patient (docs/decisions/045): a check or template
 * that is switched off (H-039), a built-in template that is not offered, and which system prescribes (H-040).
 */
import type { Basic, Extension } from '@medplum/fhirtypes';
import { edit, type RecordEdit } from './record-edit.ts';
import { extensionOf } from './record-extensions.ts';

/** What can be switched off: a rule of the program, or a template by its key. */
export type SwitchTarget = `rule:${SwitchableRule}` | `template:${string}`;

/** Rules whose result stands on a screen, in words for it. */
export const SWITCHABLE_RULES = {
  news2: 'NEWS2',
  bmi: 'Body mass index',
  'allergy-check': 'Allergy check of medicines',
  'given-before': 'Check for the same product given before',
  phq9: 'PHQ-9 score',
  gad7: 'GAD-7 score',
} as const;
export type SwitchableRule = keyof typeof SWITCHABLE_RULES;

export interface SwitchedOff {
  readonly id: string;
  readonly target: SwitchTarget;
  readonly reason: string;
  readonly by: string;
  /** FHIR dateTime. */
  readonly since: string;
}

export interface PracticeSettings {
  readonly switchedOff: readonly SwitchedOff[];
  /** Keys of built-in templates that are not offered, each with the setting that says so. */
  readonly hidden: readonly { readonly id: string; readonly key: string }[];
  /** The system in which this practice prescribes; null while nobody has said. */
  readonly prescribing: { readonly id: string; readonly name: string } | null;
}

/** Who decides it, and when. */
export interface SettingContext {
  readonly author: { readonly practitionerId: string; readonly name: string };
  /** FHIR dateTime. */
  readonly recorded: string;
}

const OWN = 'https://gladstone.example/fhir/StructureDefinition/setting-';
const SYSTEM = 'https://gladstone.example/CodeSystem/practice-setting';
/** One id for one question, so that two answers given apart meet as a conflict and not as two systems. */
export const PRESCRIBING_SYSTEM_ID = 'prescribing-system';

type Kind = 'switched-off' | 'hidden-template' | 'prescribing-system';

function setting(
  kind: Kind,
  words: string,
  id: string,
  active: boolean,
  parts: readonly Extension[],
  { author, recorded }: SettingContext,
): Basic {
  return {
    resourceType: 'Basic',
    id,
    extension: [
      { url: `${OWN}in-force`, valueBoolean: active },
      ...parts,
      { url: `${OWN}decided`, valueDateTime: recorded },
    ],
    code: { coding: [{ system: SYSTEM, code: kind }], text: words },
    created: recorded.slice(0, 10),
    author: { reference: `Practitioner/${author.practitionerId}`, display: author.name },
  };
}

function targetWords(target: SwitchTarget): string {
  const [kind = '', key = ''] = target.split(':');
  return kind === 'rule' ? SWITCHABLE_RULES[key as SwitchableRule] : `template ${key}`;
}

export function switchOff(
  id: string,
  target: SwitchTarget,
  reason: string,
  context: SettingContext,
): RecordEdit {
  const parts = [
    { url: `${OWN}target`, valueString: target },
    { url: `${OWN}reason`, valueString: reason },
  ];
  return edit(
    'create',
    setting('switched-off', `Switched off: ${targetWords(target)}`, id, true, parts, context),
  );
}

export function hideTemplate(id: string, key: string, context: SettingContext): RecordEdit {
  return edit(
    'create',
    setting(
      'hidden-template',
      `Template not offered: ${key}`,
      id,
      true,
      [{ url: `${OWN}target`, valueString: `template:${key}` }],
      context,
    ),
  );
}

/** Lifts a switch-off or shows a hidden template again: the decision stays readable, no longer in force. */
export function noLongerInForce(before: Basic, context: SettingContext): RecordEdit {
  const kept = (before.extension ?? []).filter(
    ({ url }) => url !== `${OWN}in-force` && url !== `${OWN}decided`,
  );
  const kind = before.code.coding?.[0]?.code as Kind;
  return edit('amend', {
    ...before,
    ...setting(kind, before.code.text ?? '', before.id ?? '', false, kept, context),
  });
}

/** @param exists whether the practice had named one before */
export function namePrescribingSystem(name: string, exists: boolean, context: SettingContext): RecordEdit {
  const resource = setting(
    'prescribing-system',
    'Prescribing system',
    PRESCRIBING_SYSTEM_ID,
    name !== '',
    name === '' ? [] : [{ url: `${OWN}name`, valueString: name }],
    context,
  );
  return edit(exists ? 'amend' : 'create', resource);
}

/**
 * Reads the settings in force. Of a disputed one both versions are given: what is switched off in either is off, and
 * says both reasons, until a person has decided.
 */
export function readPracticeSettings(resources: readonly Basic[]): PracticeSettings {
  const switchedOff: SwitchedOff[] = [];
  const hidden: { id: string; key: string }[] = [];
  let prescribing: PracticeSettings['prescribing'] = null;
  for (const resource of resources) {
    const id = resource.id ?? '';
    const kind = resource.code.coding?.find(({ system }) => system === SYSTEM)?.code;
    const text = (part: string): string => extensionOf(resource, `${OWN}${part}`)?.valueString ?? '';
    if (extensionOf(resource, `${OWN}in-force`)?.valueBoolean !== true) continue;
    const target = text('target');
    if (kind === 'switched-off' && isTarget(target)) {
      switchedOff.push({
        id,
        target,
        reason: text('reason'),
        by: resource.author?.display ?? '',
        since: extensionOf(resource, `${OWN}decided`)?.valueDateTime ?? resource.created ?? '',
      });
    } else if (kind === 'hidden-template' && target.startsWith('template:')) {
      hidden.push({ id, key: target.slice('template:'.length) });
    } else if (kind === 'prescribing-system' && text('name') !== '') {
      prescribing ??= { id, name: text('name') };
    }
  }
  return { switchedOff, hidden, prescribing };
}

function isTarget(target: string): target is SwitchTarget {
  return target.startsWith('template:') || target.startsWith('rule:');
}

/** Why a rule or template gives no result, or null where it is on. Two decisions give both reasons. */
export function switchedOffWords(
  settings: Pick<PracticeSettings, 'switchedOff'>,
  target: SwitchTarget,
): string | null {
  const off = settings.switchedOff.filter((one) => one.target === target);
  if (off.length === 0) return null;
  const what = target.startsWith('template:') ? 'This template' : 'This check';
  return `${what} is switched off: ${off.map(({ reason }) => reason).join('; ')}`;
}

/**
 * What stands over every medication list, on the screen and on paper (H-040): which system prescribes, and of when this
 * copy is.
 * @param copyOf local time of the data as shown; null where it is not known
 */
export function masterSystemWords(
  settings: Pick<PracticeSettings, 'prescribing'>,
  copyOf: string | null,
): string {
  const { prescribing } = settings;
  const where =
    prescribing === null
      ? 'Prescribing is done in another system, not named here'
      : `Prescribing is done in ${prescribing.name}`;
  return `${where}; this list is a copy of ${copyOf ?? 'an unknown time'}. Not for issuing.`;
}
