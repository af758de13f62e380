/** What a screen's work becomes: whole resources, made deterministically from what was entered; ids are passed in. */
import type { Extension, Practitioner, Reference, Resource } from '@medplum/fhirtypes';
import type { ResourceJson } from '../sync/operation.ts';
import { markedEnteredInError } from './entered-in-error.ts';
import { EXTENSION } from './record-extensions.ts';

/**
 * One change of a save group. For `create` and `append` it is the whole change; for the others the caller adds what
 * stood on the screen (`before`, `baseVersion`) from `CacheClient.resource`.
 */
export interface RecordEdit {
  readonly kind: 'create' | 'append' | 'amend' | 'void' | 'correct';
  readonly after: ResourceJson;
  /** Required for `void` and `correct`. */
  readonly reason?: string;
}

/** Who does it, for whom, when: the same for every resource of one save. */
export interface EditContext {
  readonly patientId: string;
  readonly author: {
    readonly practitionerId: string;
    readonly name: string;
    /** The role under which they act, in words: stays with the consultation whatever they become later. */
    readonly role?: string;
  };
  /** Logical id of the Organization, where known. */
  readonly organisation?: { readonly id: string; readonly name: string };
  /** Logical id of the Encounter that it belongs to. */
  readonly encounterId?: string;
  /** FHIR instant of recording. */
  readonly recorded: string;
  /** A port: UUIDs are made outside. */
  readonly newId: () => string;
}

/** A coded term as chosen, or free words alone. */
export interface EnteredConcept {
  /** The words to show, as the author saw them. */
  readonly text: string;
  readonly code?: string;
  readonly system?: string;
  /** The term of the code, where the author wrote other words. */
  readonly display?: string;
}

export function conceptOf(entered: EnteredConcept): {
  text: string;
  coding?: { system: string; code: string; display: string; userSelected: boolean }[];
} {
  if (entered.code === undefined) return { text: entered.text };
  return {
    coding: [
      {
        system: entered.system ?? 'http://snomed.info/sct',
        code: entered.code,
        display: entered.display ?? entered.text,
        userSelected: true,
      },
    ],
    text: entered.text,
  };
}

export function patientReference(context: EditContext): { reference: string } {
  return { reference: `Patient/${context.patientId}` };
}

export function authorReference(context: EditContext): Reference<Practitioner> & { reference: string } {
  return { reference: `Practitioner/${context.author.practitionerId}`, display: context.author.name };
}

export function encounterOf(context: EditContext): { encounter?: { reference: string } } {
  return context.encounterId === undefined
    ? {}
    : { encounter: { reference: `Encounter/${context.encounterId}` } };
}

/** When and by whom an entry of a list was written down, and in which consultation. */
export function assertedIn(context: EditContext) {
  return {
    ...encounterOf(context),
    recordedDate: context.recorded,
    recorder: authorReference(context),
    asserter: authorReference(context),
  };
}

export const HL7_CODE_SYSTEM = 'http://terminology.hl7.org/CodeSystem/';

export function notesOf(
  text: string | undefined,
  context: EditContext,
): { note?: { text: string; time: string; authorReference: Reference<Practitioner> }[] } {
  return text === undefined || text.trim() === ''
    ? {}
    : { note: [{ text, time: context.recorded, authorReference: authorReference(context) }] };
}

export function edit(kind: RecordEdit['kind'], resource: Resource, reason?: string): RecordEdit {
  return {
    kind,
    after: resource as unknown as ResourceJson,
    ...(reason !== undefined && { reason }),
  };
}

/**
 * An entry of the record marked as entered in error: it stays with all its words, and counts nowhere.
 * @param resource as it stands; an earlier such mark is replaced
 * @param by who says so and when, where that is kept with the entry
 */
export function enteredInError(
  resource: ResourceJson,
  reason: string,
  by?: Pick<EditContext, 'author' | 'recorded'>,
): RecordEdit {
  const marks: readonly Extension[] = [
    { url: EXTENSION.enteredInErrorReason, valueString: reason },
    ...(by === undefined
      ? []
      : [
          {
            url: EXTENSION.enteredInErrorBy,
            extension: [
              { url: 'author', valueString: by.author.name },
              { url: 'when', valueDateTime: by.recorded },
            ],
          },
        ]),
  ];
  const others = Array.isArray(resource['extension']) ? (resource['extension'] as Extension[]) : [];
  const common = {
    ...resource,
    extension: [
      ...others.filter(
        ({ url }) => url !== EXTENSION.enteredInErrorReason && url !== EXTENSION.enteredInErrorBy,
      ),
      ...marks,
    ],
  };
  const marked = markedEnteredInError(common) ?? { ...common, status: 'entered-in-error' };
  return { kind: 'void', after: marked, reason };
}
