/**
 * A template on its way through an editor: every part with an identity of its own, blanks allowed, each change a new
 * value. `templateOf` gives what `readTemplate` judges; fault paths there count sections and items as they stand here.
 */
import type { ConsultationHeading } from './consultation-headings.ts';
import type { ConsultationTemplate, TemplateChoice, TemplateItem } from './template.ts';

export interface EditedItem {
  readonly id: string;
  readonly item: TemplateItem;
}

export interface EditedSection {
  readonly id: string;
  readonly heading: ConsultationHeading;
  readonly items: readonly EditedItem[];
}

export interface EditedTemplate {
  readonly label: string;
  /** As typed; '' for none. */
  readonly agesFrom: string;
  readonly agesTo: string;
  readonly sections: readonly EditedSection[];
}

export type ItemKind = TemplateItem['kind'];

/** What a person adds, in words for the choice. */
export const ITEM_KINDS: readonly { readonly kind: ItemKind; readonly label: string }[] = [
  { kind: 'text', label: 'Words to write' },
  { kind: 'choice', label: 'Choices' },
  { kind: 'term', label: 'Coded term' },
  { kind: 'observations', label: 'Observations' },
  { kind: 'questionnaire', label: 'Questionnaire with score' },
  { kind: 'phrase', label: 'Ready phrase, added by one key' },
  { kind: 'reminder', label: 'Reminder, writes nothing' },
  { kind: 'follow-up', label: 'Follow-up' },
];

export function editTemplate(template: ConsultationTemplate, newId: () => string): EditedTemplate {
  return {
    label: template.label,
    agesFrom: String(template.ages?.from ?? ''),
    agesTo: String(template.ages?.to ?? ''),
    sections: template.sections.map(({ heading, items }) => ({
      id: newId(),
      heading,
      items: items.map((item) => ({ id: newId(), item })),
    })),
  };
}

export function newItem(kind: ItemKind, newId: () => string): EditedItem {
  const id = newId();
  const keyed = { key: `item-${id}`, label: '' };
  const item = ((): TemplateItem => {
    switch (kind) {
      case 'text':
      case 'follow-up':
        return { kind, ...keyed };
      case 'choice':
        return { kind, ...keyed, choices: [{ label: '' }, { label: '' }] };
      case 'term':
        return { kind, ...keyed, context: 'diagnosis' };
      case 'observations':
        return { kind, keys: ['bloodPressure'] };
      case 'questionnaire':
        return { kind, questionnaire: 'phq9' };
      case 'phrase':
        return { kind, ...keyed, words: '' };
      case 'reminder':
        return { kind, words: '' };
    }
  })();
  return { id, item };
}

export function newSection(heading: ConsultationHeading, newId: () => string): EditedSection {
  return { id: newId(), heading, items: [newItem('text', newId)] };
}

/** Blank optional words are left out; required ones stay blank, so that `readTemplate` names them. */
export function templateOf(edited: EditedTemplate, key: string, version: string): unknown {
  const { agesFrom, agesTo } = edited;
  const ages = { ...ageOf('from', agesFrom), ...ageOf('to', agesTo) };
  return {
    key,
    label: edited.label.trim(),
    version,
    ...(Object.keys(ages).length === 0 ? {} : { ages }),
    sections: edited.sections.map(({ heading, items }) => ({
      heading,
      items: items.map(({ item }) => withoutBlanks(item)),
    })),
  };
}

function ageOf(end: 'from' | 'to', text: string): Readonly<Record<string, unknown>> {
  const typed = text.trim();
  if (typed === '') return {};
  return { [end]: /^\d{1,3}$/.test(typed) ? Number(typed) : typed };
}

function withoutBlanks(item: TemplateItem): unknown {
  const kept = Object.fromEntries(
    Object.entries(item).filter(
      ([name, value]) => !((name === 'prompt' || name === 'suggestion') && String(value).trim() === ''),
    ),
  );
  if (item.kind !== 'choice') return kept;
  return {
    ...kept,
    choices: item.choices.map((choice) =>
      Object.fromEntries(
        Object.entries(choice).filter(([name, value]) => name === 'label' || value.trim() !== ''),
      ),
    ),
  };
}

export function putItem(edited: EditedTemplate, item: EditedItem): EditedTemplate {
  return withItems(edited, (items) => items.map((one) => (one.id === item.id ? item : one)));
}

export function addItem(edited: EditedTemplate, sectionId: string, item: EditedItem): EditedTemplate {
  return {
    ...edited,
    sections: edited.sections.map((section) =>
      section.id === sectionId ? { ...section, items: [...section.items, item] } : section,
    ),
  };
}

export function removeItem(edited: EditedTemplate, id: string): EditedTemplate {
  return withItems(edited, (items) => items.filter((one) => one.id !== id));
}

/** What was taken out, with its place, so that it can be put back without undoing what was typed since. */
export type Removed =
  | { readonly kind: 'item'; readonly sectionId: string; readonly at: number; readonly item: EditedItem }
  | { readonly kind: 'section'; readonly at: number; readonly section: EditedSection };

export function removedItem(edited: EditedTemplate, id: string): Removed | null {
  for (const section of edited.sections) {
    const at = section.items.findIndex((item) => item.id === id);
    const item = section.items[at];
    if (item) return { kind: 'item', sectionId: section.id, at, item };
  }
  return null;
}

export function removedSection(edited: EditedTemplate, id: string): Removed | null {
  const at = edited.sections.findIndex((section) => section.id === id);
  const section = edited.sections[at];
  return section ? { kind: 'section', at, section } : null;
}

/** Into its section at its old place; where that section is gone, into the last one. */
export function putBack(edited: EditedTemplate, removed: Removed): EditedTemplate {
  if (removed.kind === 'section') {
    return { ...edited, sections: edited.sections.toSpliced(removed.at, 0, removed.section) };
  }
  const section = edited.sections.find(({ id }) => id === removed.sectionId) ?? edited.sections.at(-1);
  return section
    ? putSection(edited, { ...section, items: section.items.toSpliced(removed.at, 0, removed.item) })
    : edited;
}

/** An item at the end of its section goes on into the next one, so that one key moves it anywhere. */
export function moveItem(edited: EditedTemplate, id: string, by: 1 | -1): EditedTemplate {
  const at = edited.sections.findIndex(({ items }) => items.some((item) => item.id === id));
  const section = edited.sections[at];
  if (!section) return edited;
  const place = section.items.findIndex((item) => item.id === id);
  const moved = section.items[place];
  const to = place + by;
  if (to >= 0 && to < section.items.length) {
    return {
      ...edited,
      sections: edited.sections.with(at, { ...section, items: swapped(section.items, place, to) }),
    };
  }
  const beside = edited.sections[at + by];
  if (!moved || !beside) return edited;
  const left = { ...section, items: section.items.filter((item) => item.id !== id) };
  const taken = { ...beside, items: by === 1 ? [moved, ...beside.items] : [...beside.items, moved] };
  return { ...edited, sections: edited.sections.with(at, left).with(at + by, taken) };
}

export function putSection(edited: EditedTemplate, section: EditedSection): EditedTemplate {
  return { ...edited, sections: edited.sections.map((one) => (one.id === section.id ? section : one)) };
}

export function removeSection(edited: EditedTemplate, id: string): EditedTemplate {
  return { ...edited, sections: edited.sections.filter((section) => section.id !== id) };
}

export function moveSection(edited: EditedTemplate, id: string, by: 1 | -1): EditedTemplate {
  const at = edited.sections.findIndex((section) => section.id === id);
  const to = at + by;
  return at < 0 || to < 0 || to >= edited.sections.length
    ? edited
    : { ...edited, sections: swapped(edited.sections, at, to) };
}

export function putChoice(
  choices: readonly TemplateChoice[],
  at: number,
  change: Partial<TemplateChoice>,
): readonly TemplateChoice[] {
  return choices.map((choice, place) => (place === at ? { ...choice, ...change } : choice));
}

function withItems(
  edited: EditedTemplate,
  change: (items: readonly EditedItem[]) => readonly EditedItem[],
): EditedTemplate {
  return {
    ...edited,
    sections: edited.sections.map((section) => ({ ...section, items: change(section.items) })),
  };
}

function swapped<T>(list: readonly T[], one: number, other: number): readonly T[] {
  const moved = [...list];
  const [left, right] = [list[one], list[other]];
  if (left === undefined || right === undefined) return list;
  moved[one] = right;
  moved[other] = left;
  return moved;
}
