import { isSctid } from '../terminology/sctid.ts';
import { CONSULTATION_HEADINGS, type ConsultationHeading } from './consultation-headings.ts';
import {
  BLOOD_PRESSURE,
  CHOICE_DEFINITIONS,
  NUMBER_DEFINITIONS,
  type ObservationKey,
} from './observation-definitions.ts';
import { QUESTIONNAIRES, type QuestionnaireKey } from './questionnaire-scores.ts';

/**
 * Consultation templates and observation sets, editable as data: those of assets/templates and a practice's own
 * (domain/record/practice-template.ts). A template has no compulsory fields: the schema knows no such property and refuses
 * one that tries. What is left blank writes nothing.
 */
export type TemplateItem =
  | { readonly kind: 'text'; readonly key: string; readonly label: string; readonly prompt?: string }
  | {
      readonly kind: 'choice';
      readonly key: string;
      readonly label: string;
      readonly choices: readonly TemplateChoice[];
      readonly many?: boolean;
    }
  | {
      readonly kind: 'term';
      readonly key: string;
      readonly label: string;
      readonly context: 'diagnosis' | 'symptom' | 'procedure' | 'family-history';
    }
  | { readonly kind: 'observations'; readonly keys: readonly ObservationKey[] }
  | { readonly kind: 'questionnaire'; readonly questionnaire: QuestionnaireKey }
  /** words that the author may add with one key, never added by themselves */
  | { readonly kind: 'phrase'; readonly key: string; readonly label: string; readonly words: string }
  /** a reminder on the screen that writes nothing */
  | { readonly kind: 'reminder'; readonly words: string }
  | {
      readonly kind: 'follow-up';
      readonly key: string;
      readonly label: string;
      readonly suggestion?: string;
    };

export type TemplateChoice = {
  readonly label: string;
  /** SNOMED CT concept recorded with the choice, where there is one */
  readonly code?: string;
  /** shown at once when chosen: what must not wait for the end of the form */
  readonly alert?: string;
};

export type ConsultationTemplate = {
  readonly key: string;
  readonly label: string;
  /** stored with every consultation written by it */
  readonly version: string;
  /** ages that it is made for, whole years; outside it still opens, and says so */
  readonly ages?: { readonly from?: number; readonly to?: number };
  readonly sections: readonly {
    readonly heading: ConsultationHeading;
    readonly items: readonly TemplateItem[];
  }[];
};

export type ObservationSet = {
  readonly key: string;
  readonly label: string;
  readonly version: string;
  readonly keys: readonly Exclude<ObservationKey, 'news2'>[];
  /** worked out and shown as typed; a routine set never nags with it */
  readonly news2: boolean;
};

export type TemplateFault = { readonly path: string; readonly words: string };

export type TemplateResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly TemplateFault[] };

/** Reads a template from parsed JSON; every fault is named with its place, so that an editor can mend it. */
export function readTemplate(value: unknown): TemplateResult<ConsultationTemplate> {
  const faults: TemplateFault[] = [];
  const root = asRecord(value, '', faults);
  if (!root) return { ok: false, faults };
  onlyProperties(root, '', ['key', 'label', 'version', 'ages', 'sections'], faults);
  for (const name of ['key', 'label', 'version']) requireText(root, name, '', faults);
  readAges(root['ages'], faults);
  const keys = new Set<string>();
  asList(root['sections'], 'sections', faults).forEach((item, at) => {
    readSection(item, `sections.${at}`, keys, faults);
  });
  return faults.length === 0
    ? { ok: true, value: root as unknown as ConsultationTemplate }
    : { ok: false, faults };
}

export function readObservationSet(value: unknown): TemplateResult<ObservationSet> {
  const faults: TemplateFault[] = [];
  const root = asRecord(value, '', faults);
  if (!root) return { ok: false, faults };
  onlyProperties(root, '', ['key', 'label', 'version', 'keys', 'news2'], faults);
  for (const name of ['key', 'label', 'version']) requireText(root, name, '', faults);
  readObservationKeys(root['keys'], 'keys', faults);
  if (asTexts(root['keys']).includes('news2'))
    faults.push({ path: 'keys', words: 'NEWS2 is worked out, not entered: set "news2" to true.' });
  if (typeof root['news2'] !== 'boolean') faults.push({ path: 'news2', words: 'Must be true or false.' });
  return faults.length === 0 ? { ok: true, value: root as unknown as ObservationSet } : { ok: false, faults };
}

/** Words for a patient outside the template's ages; null inside, or where the age is not known. */
export function templateAgeWarning(
  template: Pick<ConsultationTemplate, 'label' | 'ages'>,
  ageYears: number | null,
): string | null {
  const { from, to } = template.ages ?? {};
  if (ageYears === null) return null;
  if (from !== undefined && ageYears < from) return `${template.label} is made for ages from ${from}.`;
  return to !== undefined && ageYears > to ? `${template.label} is made for ages up to ${to}.` : null;
}

function readSection(value: unknown, path: string, keys: Set<string>, faults: TemplateFault[]): void {
  const section = asRecord(value, path, faults);
  if (!section) return;
  onlyProperties(section, path, ['heading', 'items'], faults);
  if (!CONSULTATION_HEADINGS.some((heading) => heading === section['heading'])) {
    faults.push({ path: `${path}.heading`, words: `Not a heading: ${String(section['heading'])}.` });
  }
  asList(section['items'], `${path}.items`, faults).forEach((item, at) => {
    readItem(item, `${path}.items.${at}`, keys, faults);
  });
}

const ITEM_PROPERTIES: Readonly<Record<TemplateItem['kind'], readonly string[]>> = {
  text: ['kind', 'key', 'label', 'prompt'],
  choice: ['kind', 'key', 'label', 'choices', 'many'],
  term: ['kind', 'key', 'label', 'context'],
  observations: ['kind', 'keys'],
  questionnaire: ['kind', 'questionnaire'],
  phrase: ['kind', 'key', 'label', 'words'],
  reminder: ['kind', 'words'],
  'follow-up': ['kind', 'key', 'label', 'suggestion'],
};

function readItem(value: unknown, path: string, keys: Set<string>, faults: TemplateFault[]): void {
  const item = asRecord(value, path, faults);
  if (!item) return;
  const kind = item['kind'];
  if (!isItemKind(kind)) {
    faults.push({ path: `${path}.kind`, words: `Not a kind of item: ${String(kind)}.` });
    return;
  }
  const properties = ITEM_PROPERTIES[kind];
  onlyProperties(item, path, properties, faults);
  for (const name of ['key', 'label', 'words'])
    if (properties.includes(name)) requireText(item, name, path, faults);
  const key = item['key'];
  if (typeof key === 'string') {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(key)) {
      faults.push({ path: `${path}.key`, words: 'A key is letters, digits, dots and hyphens.' });
    }
    if (keys.has(key)) faults.push({ path: `${path}.key`, words: `The key ${key} is used twice.` });
    keys.add(key);
  }
  for (const name of ['prompt', 'suggestion']) optionalText(item, name, path, faults);
  if (item['many'] !== undefined && typeof item['many'] !== 'boolean')
    faults.push({ path: `${path}.many`, words: 'Must be true or false.' });
  if (kind === 'observations') readObservationKeys(item['keys'], `${path}.keys`, faults);
  if (kind === 'questionnaire' && !(String(item['questionnaire']) in QUESTIONNAIRES)) {
    faults.push({ path: `${path}.questionnaire`, words: 'Not a questionnaire that can be scored.' });
  }
  if (
    kind === 'term' &&
    !['diagnosis', 'symptom', 'procedure', 'family-history'].includes(String(item['context']))
  ) {
    faults.push({
      path: `${path}.context`,
      words: 'Must be diagnosis, symptom, procedure or family-history.',
    });
  }
  if (kind === 'choice') {
    const choices = asList(item['choices'], `${path}.choices`, faults);
    if (choices.length < 2) faults.push({ path: `${path}.choices`, words: 'Give at least two choices.' });
    choices.forEach((choice, at) => {
      const record = asRecord(choice, `${path}.choices.${at}`, faults);
      if (!record) return;
      onlyProperties(record, `${path}.choices.${at}`, ['label', 'code', 'alert'], faults);
      requireText(record, 'label', `${path}.choices.${at}`, faults);
      optionalText(record, 'alert', `${path}.choices.${at}`, faults);
      const { code } = record;
      if (code !== undefined && !(typeof code === 'string' && isSctid(code)))
        faults.push({ path: `${path}.choices.${at}.code`, words: 'Not a SNOMED CT code.' });
    });
  }
}

function isItemKind(kind: unknown): kind is TemplateItem['kind'] {
  return typeof kind === 'string' && kind in ITEM_PROPERTIES;
}

function readObservationKeys(value: unknown, path: string, faults: TemplateFault[]): void {
  for (const key of asList(value, path, faults)) {
    const known =
      typeof key === 'string' &&
      (key === 'bloodPressure' || key === 'news2' || key in NUMBER_DEFINITIONS || key in CHOICE_DEFINITIONS);
    if (!known) faults.push({ path, words: `Not an observation: ${String(key)}.` });
  }
}

function readAges(value: unknown, faults: TemplateFault[]): void {
  if (value === undefined) return;
  const ages = asRecord(value, 'ages', faults);
  if (!ages) return;
  onlyProperties(ages, 'ages', ['from', 'to'], faults);
  for (const name of ['from', 'to']) {
    const age = ages[name];
    if (age !== undefined && !(typeof age === 'number' && Number.isInteger(age) && age >= 0)) {
      faults.push({ path: `ages.${name}`, words: 'Must be whole years.' });
    }
  }
  if (Number(ages['from']) > Number(ages['to']))
    faults.push({ path: 'ages.to', words: 'The oldest age is below the youngest.' });
}

function onlyProperties(
  record: Record<string, unknown>,
  path: string,
  allowed: readonly string[],
  faults: TemplateFault[],
): void {
  for (const name of Object.keys(record)) {
    if (allowed.includes(name)) continue;
    const words = name === 'required' ? 'Templates have no compulsory fields.' : `Not known here: ${name}.`;
    faults.push({ path: path === '' ? name : `${path}.${name}`, words });
  }
}

function requireText(
  record: Record<string, unknown>,
  name: string,
  path: string,
  faults: TemplateFault[],
): void {
  const value = record[name];
  if (typeof value === 'string' && value.trim() !== '') return;
  faults.push({ path: path === '' ? name : `${path}.${name}`, words: 'Must be filled.' });
}

/** May be absent, may not be blank: a blank prompt would show as an empty line. */
function optionalText(
  record: Record<string, unknown>,
  name: string,
  path: string,
  faults: TemplateFault[],
): void {
  if (record[name] !== undefined) requireText(record, name, path, faults);
}

/** The observation as its box is called. */
export function observationLabel(key: ObservationKey): string {
  if (key === 'bloodPressure') return BLOOD_PRESSURE.label;
  if (key === 'news2') return 'NEWS2';
  return key in CHOICE_DEFINITIONS
    ? CHOICE_DEFINITIONS[key as keyof typeof CHOICE_DEFINITIONS].label
    : NUMBER_DEFINITIONS[key as keyof typeof NUMBER_DEFINITIONS].label;
}

function asRecord(value: unknown, path: string, faults: TemplateFault[]): Record<string, unknown> | null {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  faults.push({ path, words: 'Must be an object.' });
  return null;
}

function asList(value: unknown, path: string, faults: TemplateFault[]): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  faults.push({ path, words: 'Must be a list with something in it.' });
  return [];
}

function asTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
