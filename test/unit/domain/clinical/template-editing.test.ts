import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  addItem,
  editTemplate,
  ITEM_KINDS,
  moveItem,
  moveSection,
  newItem,
  newSection,
  putBack,
  putChoice,
  putItem,
  removedItem,
  removedSection,
  removeItem,
  removeSection,
  templateOf,
  type EditedTemplate,
} from '../../../../domain/clinical/template-editing.ts';
import { readTemplate, type ConsultationTemplate } from '../../../../domain/clinical/template.ts';

function ids(): () => string {
  let last = 0;
  return () => `id${++last}`;
}

const template: ConsultationTemplate = {
  key: 'k',
  label: 'Ankle',
  version: '1',
  sections: [
    {
      heading: 'History',
      items: [
        { kind: 'text', key: 'a', label: 'A' },
        { kind: 'text', key: 'b', label: 'B' },
      ],
    },
    { heading: 'Plan', items: [{ kind: 'text', key: 'c', label: 'C' }] },
  ],
};
const start = () => editTemplate(template, ids());
/** Keys by section, in their order. */
const order = (edited: EditedTemplate) =>
  edited.sections.map(({ items }) => items.map(({ item }) => ('key' in item ? item.key : '')).join(''));
const idOf = (edited: EditedTemplate, key: string) =>
  edited.sections.flatMap(({ items }) => items).find(({ item }) => 'key' in item && item.key === key)?.id ??
  '';

describe('a template in an editor', () => {
  it.each(readdirSync('assets/templates').filter((name) => name.endsWith('.json')))(
    '%s comes out as it went in',
    (name) => {
      const read = readTemplate(JSON.parse(readFileSync(`assets/templates/${name}`, 'utf8')));
      if (!read.ok) throw new Error(name);
      const { value } = read;
      expect(templateOf(editTemplate(value, ids()), value.key, value.version)).toEqual(value);
    },
  );

  it('moves an item within its section and on into the next, and stops at the ends', () => {
    const edited = start();
    const a = idOf(edited, 'a');
    const once = moveItem(edited, a, 1);
    expect(order(once)).toEqual(['ba', 'c']);
    const twice = moveItem(once, a, 1);
    expect(order(twice)).toEqual(['b', 'ac']);
    expect(order(moveItem(twice, a, -1))).toEqual(['ba', 'c']);
    expect(order(moveItem(moveItem(twice, a, 1), a, 1))).toEqual(['b', 'ca']);
    expect(order(moveItem(edited, a, -1))).toEqual(['ab', 'c']);
  });

  it('adds, changes and removes without touching the rest', () => {
    const edited = start();
    const added = addItem(edited, edited.sections[1]?.id ?? '', {
      id: 'new',
      item: { kind: 'text', key: 'd', label: '' },
    });
    expect(order(added)).toEqual(['ab', 'cd']);
    const put = putItem(added, { id: 'new', item: { kind: 'text', key: 'e', label: 'E' } });
    expect(order(put)).toEqual(['ab', 'ce']);
    expect(order(removeItem(put, idOf(put, 'b')))).toEqual(['a', 'ce']);
    expect(order(edited)).toEqual(['ab', 'c']);
  });

  it('puts back what was taken out, and keeps what was written since', () => {
    const edited = start();
    const removed = removedItem(edited, idOf(edited, 'a'));
    const [first] = edited.sections;
    const gone = removeItem(edited, idOf(edited, 'a'));
    const later = { ...gone, label: 'Written since' };
    expect(removed && putBack(later, removed)).toEqual({ ...edited, label: 'Written since' });
    const section = removedSection(edited, first?.id ?? '');
    const without = removeSection(edited, first?.id ?? '');
    expect(section && putBack(without, section)).toEqual(edited);
    // Its section is gone as well: it comes into the last one.
    expect(removed && order(putBack(without, removed))).toEqual(['ac']);
  });

  it('moves and removes sections', () => {
    const edited = start();
    const [first, second] = edited.sections.map(({ id }) => id);
    expect(order(moveSection(edited, second ?? '', -1))).toEqual(['c', 'ab']);
    expect(order(moveSection(edited, first ?? '', -1))).toEqual(['ab', 'c']);
    expect(order(removeSection(edited, first ?? ''))).toEqual(['c']);
  });

  it('gives every new item a key that no other has, and names what is blank in it', () => {
    const newId = ids();
    const section = newSection('Plan', newId);
    const edited: EditedTemplate = {
      label: 'All kinds',
      agesFrom: '',
      agesTo: '',
      sections: [{ ...section, items: ITEM_KINDS.map(({ kind }) => newItem(kind, newId)) }],
    };
    const read = readTemplate(templateOf(edited, 'k', '1'));
    expect(read.ok ? [] : read.faults.map(({ path, words }) => `${path} ${words}`)).toEqual([
      'sections.0.items.0.label Must be filled.',
      'sections.0.items.1.label Must be filled.',
      'sections.0.items.1.choices.0.label Must be filled.',
      'sections.0.items.1.choices.1.label Must be filled.',
      'sections.0.items.2.label Must be filled.',
      'sections.0.items.5.label Must be filled.',
      'sections.0.items.5.words Must be filled.',
      'sections.0.items.6.words Must be filled.',
      'sections.0.items.7.label Must be filled.',
    ]);
  });

  it('leaves blank optional words out and keeps ages that are no years for the reader to name', () => {
    const edited: EditedTemplate = {
      label: ' Ankle ',
      agesFrom: 'five',
      agesTo: '17',
      sections: [
        {
          id: 's',
          heading: 'Plan',
          items: [
            { id: '1', item: { kind: 'text', key: 'a', label: 'A', prompt: ' ' } },
            {
              id: '2',
              item: {
                kind: 'choice',
                key: 'b',
                label: 'B',
                choices: putChoice([{ label: 'Y', alert: '' }, { label: 'N' }], 1, { code: '' }),
              },
            },
          ],
        },
      ],
    };
    const made = templateOf(edited, 'k', '1');
    expect(made).toMatchObject({
      label: 'Ankle',
      ages: { from: 'five', to: 17 },
      sections: [
        {
          items: [{ kind: 'text', key: 'a', label: 'A' }, { choices: [{ label: 'Y' }, { label: 'N' }] }],
        },
      ],
    });
    const read = readTemplate(made);
    expect(read.ok ? [] : read.faults.map(({ path }) => path)).toEqual(['ages.from']);
  });
});
