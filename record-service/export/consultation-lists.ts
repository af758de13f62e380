import type { Composition, CompositionSection, Reference } from '@medplum/fhirtypes';
import { CONSULTATION_CODE, HEADING_CODE, TOPIC_CODE } from '../import/convert-list.ts';
import { IMPORT_EXTENSION } from '../import/systems.ts';

/** One of GP Connect's nested Lists, as STU3 has it; `entry` names a nested List or an entry of the record. */
export interface NestedList {
  readonly resourceType: 'List';
  readonly id: string;
  readonly status: string;
  readonly mode: 'snapshot';
  readonly title?: string;
  readonly code: { readonly coding: readonly { readonly system: string; readonly code: string }[] };
  readonly subject?: Reference;
  readonly encounter?: Reference;
  readonly date: string;
  readonly extension?: readonly unknown[];
  readonly entry: readonly { readonly item: { readonly reference: string } }[];
}

/**
 * A consultation's Composition as GP Connect's nested Lists again: Consultation > Topic > Heading > entries, each in
 * its order, under the ids that the source gave where it gave some.
 */
export function consultationLists(composition: Composition): readonly NestedList[] {
  const lists: NestedList[] = [];
  const context = {
    ...(composition.subject && { subject: composition.subject }),
    ...(composition.encounter && { encounter: composition.encounter }),
  };
  const factOf = (part: Pick<CompositionSection, 'extension'>, name: string): string | undefined => {
    const facts = part.extension?.find(
      (extension) => extension.url === IMPORT_EXTENSION.sourceList,
    )?.extension;
    const fact = facts?.find((extension) => extension.url === name);
    return fact?.valueString ?? fact?.valueDateTime ?? fact?.valueCode;
  };
  const listOf = (part: CompositionSection, code: string, ownId: string): NestedList => {
    const id = factOf(part, 'id') ?? ownId;
    const date = factOf(part, 'date') ?? composition.date;
    const entry = itemsOf(part, id);
    return {
      resourceType: 'List',
      id,
      status: factOf(part, 'status') ?? 'current',
      mode: 'snapshot',
      ...(part.title !== undefined && { title: part.title }),
      code: { coding: [{ system: 'http://snomed.info/sct', code: part.code?.coding?.[0]?.code ?? code }] },
      ...context,
      date,
      ...otherExtensions(part),
      entry,
    };
  };
  /** Entries in order; a section without a heading of its own gives its entries up to the list it stands in. */
  const itemsOf = (part: CompositionSection, id: string): { item: { reference: string } }[] => {
    const items = (part.entry ?? []).map(({ reference }) => ({ item: { reference: reference ?? '' } }));
    for (const [position, inner] of (part.section ?? []).entries()) {
      if (inner.extension?.some((extension) => extension.url === IMPORT_EXTENSION.entriesWithoutHeading)) {
        for (const { reference } of inner.entry ?? []) items.push({ item: { reference: reference ?? '' } });
        continue;
      }
      const depth = part.code?.coding?.[0]?.code === TOPIC_CODE ? HEADING_CODE : TOPIC_CODE;
      const list = listOf(inner, depth, `${id}-${position}`);
      lists.push(list);
      items.push({ item: { reference: `List/${list.id}` } });
    }
    return items;
  };
  const top = listOf(
    {
      title: composition.title,
      code: { coding: [{ code: CONSULTATION_CODE }] },
      ...(composition.extension && { extension: composition.extension }),
      ...(composition.section && { section: composition.section }),
    },
    CONSULTATION_CODE,
    composition.id ?? '',
  );
  return [top, ...lists];
}

function otherExtensions(part: CompositionSection): { extension?: readonly unknown[] } {
  const others = part.extension?.filter((extension) => extension.url !== IMPORT_EXTENSION.sourceList) ?? [];
  return others.length > 0 ? { extension: others } : {};
}
