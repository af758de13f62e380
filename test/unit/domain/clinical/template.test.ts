import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  readObservationSet,
  readTemplate,
  templateAgeWarning,
} from '../../../../domain/clinical/template.ts';

const folder = 'assets/templates';
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const sets = readdirSync(`${folder}/sets`);
const parse = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8')) as unknown;

const good = {
  key: 'k',
  label: 'L',
  version: '1',
  sections: [{ heading: 'Plan', items: [{ kind: 'text', key: 'plan', label: 'Plan' }] }],
};

const faultsOf = (change: object) => {
  const result = readTemplate({ ...good, ...change });
  return result.ok ? [] : result.faults.map(({ path }) => path);
};
const withItem = (item: object) => faultsOf({ sections: [{ heading: 'Plan', items: [item] }] });

describe('the templates that ship', () => {
  it.each(files)('%s is valid and named by its key', (name) => {
    const result = readTemplate(parse(`${folder}/${name}`));
    expect(result).toMatchObject({ ok: true, value: { key: name.replace('.json', '') } });
  });

  it.each(sets)('the set %s is valid and named by its key', (name) => {
    expect(readObservationSet(parse(`${folder}/sets/${name}`))).toMatchObject({
      ok: true,
      value: { key: name.replace('.json', '') },
    });
  });

  it('are the eight and the five that were asked for', () => {
    expect(files.sort()).toEqual(
      [
        'asthma-review',
        'chest-pain',
        'child-fever',
        'diabetes-review',
        'general',
        'hypertension-review',
        'medication-review',
        'mental-health',
      ].map((name) => `${name}.json`),
    );
    expect(sets.sort()).toEqual(
      ['acute', 'asthma', 'blood-pressure', 'diabetes', 'new-patient'].map((name) => `${name}.json`),
    );
  });

  it('score mood by both questionnaires, and no child by NEWS2', () => {
    expect(readFileSync(`${folder}/mental-health.json`, 'utf8')).toMatch(/phq9[\s\S]*gad7/);
    expect(readFileSync(`${folder}/child-fever.json`, 'utf8')).not.toContain('"news2"');
  });
});

describe('reading a template', () => {
  it('accepts a good one', () => {
    expect(faultsOf({})).toEqual([]);
  });

  it.each([
    [{ key: '' }, ['key']],
    [{ label: 3 }, ['label']],
    [{ sections: [] }, ['sections']],
    [
      { sections: [{ heading: 'Nonsense', items: [{ kind: 'reminder', words: 'x' }] }] },
      ['sections.0.heading'],
    ],
    [{ ages: { from: 1.5 } }, ['ages.from']],
    [{ colour: 'red' }, ['colour']],
  ])('names the place in %j', (change, paths) => {
    expect(faultsOf(change)).toEqual(paths);
  });

  it.each([
    [{ kind: 'unknown' }, 'kind'],
    [{ kind: 'text', key: 'a' }, 'label'],
    [{ kind: 'text', key: 'a', label: 'A', required: true }, 'required'],
    [{ kind: 'observations', keys: ['bloodPresure'] }, 'keys'],
    [{ kind: 'questionnaire', questionnaire: 'phq8' }, 'questionnaire'],
    [{ kind: 'term', key: 'a', label: 'A', context: 'all' }, 'context'],
    [{ kind: 'choice', key: 'a', label: 'A', choices: [{ label: 'one' }] }, 'choices'],
  ])('names the item’s property in %j', (item, property) => {
    expect(withItem(item)).toEqual([`sections.0.items.0.${property}`]);
  });

  it('refuses a key twice and what is no object', () => {
    const item = { kind: 'text', key: 'a', label: 'A' };
    expect(faultsOf({ sections: [{ heading: 'Plan', items: [item, item] }] })).toEqual([
      'sections.0.items.1.key',
    ]);
    expect(readTemplate(null).ok).toBe(false);
    expect(readTemplate([]).ok).toBe(false);
    expect(
      readObservationSet({ key: 'a', label: 'A', version: '1', keys: ['news2'], news2: 1 }),
    ).toMatchObject({ ok: false });
  });

  it('warns outside its ages', () => {
    const result = readTemplate({ ...good, ages: { from: 16, to: 80 } });
    if (!result.ok) throw new Error('valid');
    expect(templateAgeWarning(result.value, 15)).toContain('from 16');
    expect(templateAgeWarning(result.value, 16)).toBeNull();
    expect(templateAgeWarning(result.value, 81)).toContain('up to 80');
    expect(templateAgeWarning(result.value, null)).toBeNull();
  });
});

describe('what an editor has to mend is named with its place', () => {
  const choice = (change: object) => ({
    kind: 'choice',
    key: 'a',
    label: 'A',
    choices: [{ label: 'Yes' }, { label: 'No', ...change }],
  });

  it.each([
    ['a key with a space', { kind: 'text', key: 'two words', label: 'A' }, 'sections.0.items.0.key'],
    ['a blank prompt', { kind: 'text', key: 'a', label: 'A', prompt: '' }, 'sections.0.items.0.prompt'],
    [
      'a blank suggestion',
      { kind: 'follow-up', key: 'a', label: 'A', suggestion: ' ' },
      'sections.0.items.0.suggestion',
    ],
    ['many that is no yes or no', { ...choice({}), many: 'yes' }, 'sections.0.items.0.many'],
    ['a code with a wrong check digit', choice({ code: '29857008' }), 'sections.0.items.0.choices.1.code'],
    ['a blank alert', choice({ alert: '' }), 'sections.0.items.0.choices.1.alert'],
  ])('%s', (_what, item, path) => {
    expect(withItem(item)).toEqual([path]);
  });

  it('takes a code with a right check digit', () => {
    expect(withItem(choice({ code: '29857009' }))).toEqual([]);
  });

  it('refuses ages the wrong way round', () => {
    expect(faultsOf({ ages: { from: 16, to: 5 } })).toEqual(['ages.to']);
    expect(faultsOf({ ages: { from: 5, to: 5 } })).toEqual([]);
  });
});
