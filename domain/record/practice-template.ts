/**
 * A practice's own consultation templates as FHIR: a Questionnaire with the practice as publisher, its sections as groups
 * and its items as items, so that another system can read what was asked. What Questionnaire has no element for rides in
 * extensions; reading gives back the template letter for letter (docs/decisions/045).
 */
import type { Extension, Questionnaire, QuestionnaireItem } from '@medplum/fhirtypes';
import { QUESTIONNAIRES } from '../clinical/questionnaire-scores.ts';
import {
  observationLabel,
  readTemplate,
  type ConsultationTemplate,
  type TemplateFault,
  type TemplateItem,
} from '../clinical/template.ts';
import { edit, type RecordEdit } from './record-edit.ts';
import { extensionOf } from './record-extensions.ts';

export interface PracticeTemplate {
  /** Logical id of the Questionnaire; the template's key as well. */
  readonly id: string;
  readonly template: ConsultationTemplate;
  /** No longer offered; kept, and signed consultations go on naming it. */
  readonly withdrawn: boolean;
  /** Key of the template that ships with the program from which it was copied. */
  readonly copiedFrom: string | null;
  /** FHIR dateTime. */
  readonly savedOn: string | null;
  readonly savedBy: string | null;
}

/** A Questionnaire that is no template in the agreed form: named with what is wrong, never silently dropped. */
export interface UnreadableTemplate {
  readonly id: string;
  readonly name: string;
  readonly withdrawn: boolean;
  readonly faults: readonly TemplateFault[];
}

export type ReadPracticeTemplate =
  | { readonly ok: true; readonly value: PracticeTemplate }
  | { readonly ok: false; readonly value: UnreadableTemplate };

export interface TemplateSaving {
  readonly by: string;
  readonly practice: string;
  /** FHIR dateTime. */
  readonly on: string;
}

const OWN = 'https://gladstone.example/fhir/StructureDefinition/template-';
const URL = 'https://gladstone.example/fhir/Questionnaire/';
const ENTRY_FORMAT = 'http://hl7.org/fhir/StructureDefinition/entryFormat';
const SNOMED = 'http://snomed.info/sct';
const AGE = { system: 'http://terminology.hl7.org/CodeSystem/usage-context-type', code: 'age' };

/** The Questionnaire to save. The template's key becomes the id, whatever it was. */
export function templateEdit(
  kind: 'create' | 'amend',
  {
    id,
    template,
    withdrawn,
    copiedFrom,
  }: Pick<PracticeTemplate, 'id' | 'template' | 'withdrawn' | 'copiedFrom'>,
  saving: TemplateSaving,
): RecordEdit {
  const { ages } = template;
  const resource: Questionnaire = {
    resourceType: 'Questionnaire',
    id,
    url: `${URL}${id}`,
    version: template.version,
    title: template.label,
    ...(copiedFrom === null ? {} : { derivedFrom: [`${URL}${copiedFrom}`] }),
    status: withdrawn ? 'retired' : 'active',
    subjectType: ['Patient'],
    date: saving.on,
    publisher: saving.practice,
    contact: [{ name: saving.by }],
    ...(ages?.from === undefined && ages?.to === undefined
      ? {}
      : {
          useContext: [
            {
              code: AGE,
              valueRange: {
                ...(ages.from === undefined ? {} : { low: years(ages.from) }),
                ...(ages.to === undefined ? {} : { high: years(ages.to) }),
              },
            },
          ],
        }),
    item: template.sections.map(({ heading, items }, at) => ({
      linkId: `#${at + 1}`,
      type: 'group',
      text: heading,
      item: items.map((item, place) => itemOf(item, `#${at + 1}.${place + 1}`)),
    })),
  };
  return edit(kind, resource);
}

function years(value: number) {
  return { value, unit: 'years', system: 'http://unitsofmeasure.org', code: 'a' };
}

/** @param place the linkId of an item that has no key of its own */
function itemOf(item: TemplateItem, place: string): QuestionnaireItem {
  const kind: Extension = { url: `${OWN}item`, valueCode: item.kind };
  switch (item.kind) {
    case 'text':
      return {
        extension: [
          kind,
          ...(item.prompt === undefined ? [] : [{ url: ENTRY_FORMAT, valueString: item.prompt }]),
        ],
        linkId: item.key,
        text: item.label,
        type: 'text',
      };
    case 'choice':
      return {
        extension: [kind],
        linkId: item.key,
        text: item.label,
        type: 'choice',
        ...(item.many === undefined ? {} : { repeats: item.many }),
        answerOption: item.choices.map(({ label, code, alert }) => ({
          ...(alert === undefined ? {} : { extension: [{ url: `${OWN}alert`, valueString: alert }] }),
          ...(code === undefined
            ? { valueString: label }
            : { valueCoding: { system: SNOMED, code, display: label } }),
        })),
      };
    case 'term':
      return {
        extension: [kind, { url: `${OWN}term-context`, valueCode: item.context }],
        linkId: item.key,
        text: item.label,
        type: 'string',
      };
    case 'observations':
      return {
        extension: [kind],
        linkId: place,
        text: 'Observations',
        type: 'group',
        item: item.keys.map((key, at) => ({
          extension: [{ url: `${OWN}observation`, valueCode: key }],
          linkId: `${place}.${at + 1}`,
          text: observationLabel(key),
          type: 'string',
        })),
      };
    case 'questionnaire':
      return {
        extension: [kind, { url: `${OWN}questionnaire`, valueCode: item.questionnaire }],
        linkId: place,
        text: QUESTIONNAIRES[item.questionnaire].label,
        type: 'display',
      };
    case 'phrase':
      return {
        extension: [kind, { url: `${OWN}phrase`, valueString: item.words }],
        linkId: item.key,
        text: item.label,
        type: 'boolean',
      };
    case 'reminder':
      return { extension: [kind], linkId: place, text: item.words, type: 'display' };
    case 'follow-up':
      return {
        extension: [
          kind,
          ...(item.suggestion === undefined ? [] : [{ url: ENTRY_FORMAT, valueString: item.suggestion }]),
        ],
        linkId: item.key,
        text: item.label,
        type: 'string',
      };
  }
}

export function readPracticeTemplate(resource: Questionnaire): ReadPracticeTemplate {
  const id = resource.id ?? '';
  const withdrawn = resource.status === 'retired';
  const range = resource.useContext?.find((context) => context.code.code === AGE.code)?.valueRange;
  const from = range?.low?.value;
  const to = range?.high?.value;
  const read = readTemplate({
    key: id,
    label: resource.title,
    version: resource.version,
    ...(from === undefined && to === undefined ? {} : { ages: present({ from, to }) }),
    sections: (resource.item ?? []).map((section) => ({
      heading: section.text,
      items: (section.item ?? []).map(templateItem),
    })),
  });
  if (!read.ok) {
    return {
      ok: false,
      value: { id, name: resource.title ?? resource.name ?? id, withdrawn, faults: read.faults },
    };
  }
  const derived = resource.derivedFrom?.[0];
  return {
    ok: true,
    value: {
      id,
      template: read.value,
      withdrawn,
      copiedFrom: derived?.startsWith(URL) === true ? derived.slice(URL.length) : null,
      savedOn: resource.date ?? null,
      savedBy: resource.contact?.[0]?.name ?? null,
    },
  };
}

/** As in a file; what does not fit is left for `readTemplate` to name. */
function templateItem(item: QuestionnaireItem): Readonly<Record<string, unknown>> {
  const kind = extensionOf(item, `${OWN}item`)?.valueCode ?? `a plain ${item.type}`;
  const format = extensionOf(item, ENTRY_FORMAT)?.valueString;
  const keyed = { kind, key: item.linkId, label: item.text };
  switch (kind) {
    case 'text':
      return { ...keyed, ...present({ prompt: format }) };
    case 'choice':
      return {
        ...keyed,
        ...present({ many: item.repeats }),
        choices: (item.answerOption ?? []).map((option) => ({
          label: option.valueCoding?.display ?? option.valueString,
          ...present({
            code: option.valueCoding?.code,
            alert: extensionOf(option, `${OWN}alert`)?.valueString,
          }),
        })),
      };
    case 'term':
      return { ...keyed, context: extensionOf(item, `${OWN}term-context`)?.valueCode };
    case 'observations':
      return { kind, keys: (item.item ?? []).map((one) => extensionOf(one, `${OWN}observation`)?.valueCode) };
    case 'questionnaire':
      return { kind, questionnaire: extensionOf(item, `${OWN}questionnaire`)?.valueCode };
    case 'phrase':
      return { ...keyed, words: extensionOf(item, `${OWN}phrase`)?.valueString };
    case 'reminder':
      return { kind, words: item.text };
    case 'follow-up':
      return { ...keyed, ...present({ suggestion: format }) };
    default:
      return { kind };
  }
}

function present(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
