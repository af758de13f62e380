import { readdirSync, readFileSync } from 'node:fs';
import type { Questionnaire } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { readTemplate, type ConsultationTemplate } from '../../../../domain/clinical/template.ts';
import { readPracticeTemplate, templateEdit } from '../../../../domain/record/practice-template.ts';
import { templateCatalogue } from '../../../../domain/record/template-catalogue.ts';
import { validate } from '../../../../record-service/validation/validate.ts';

const folder = 'assets/templates';
const builtIn = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name): ConsultationTemplate => {
    const read = readTemplate(JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')));
    if (!read.ok) throw new Error(name);
    return read.value;
  });
const saving = { by: 'Dr Okafor', practice: 'Netherby Surgery', on: '2026-11-22T10:00:00+00:00' };
const none = { switchedOff: [], hidden: [], prescribing: null };

function questionnaireOf(template: ConsultationTemplate, withdrawn = false): Questionnaire {
  const { after } = templateEdit(
    'create',
    { id: 'own-1', template, withdrawn, copiedFrom: 'asthma-review' },
    saving,
  );
  // As it crosses the wire.
  return JSON.parse(JSON.stringify(after)) as Questionnaire;
}

describe('a template as a Questionnaire', () => {
  it.each(builtIn.map((template) => [template.key, template] as const))(
    '%s comes back letter for letter, under its own key',
    (_key, template) => {
      expect(readPracticeTemplate(questionnaireOf(template))).toEqual({
        ok: true,
        value: {
          id: 'own-1',
          template: { ...template, key: 'own-1' },
          withdrawn: false,
          copiedFrom: 'asthma-review',
          savedOn: saving.on,
          savedBy: 'Dr Okafor',
        },
      });
    },
  );

  it.each(builtIn.map((template) => [template.key, template] as const))(
    '%s is a valid R4 Questionnaire',
    (_key, template) => {
      expect(validate(questionnaireOf(template) as never).errors).toEqual([]);
    },
  );

  it('keeps codes, alerts, prompts, many and ages', () => {
    const template: ConsultationTemplate = {
      key: 'x',
      label: 'Ankle',
      version: '7',
      ages: { to: 17 },
      sections: [
        {
          heading: 'Examination',
          items: [
            {
              kind: 'choice',
              key: 'ottawa',
              label: 'Ottawa rules',
              many: true,
              choices: [{ label: 'Fracture', code: '125605004', alert: 'X-ray today' }, { label: 'Neither' }],
            },
            { kind: 'text', key: 't', label: 'Swelling', prompt: 'where' },
          ],
        },
      ],
    };
    const read = readPracticeTemplate(questionnaireOf(template));
    expect(read.ok && read.value.template).toEqual({ ...template, key: 'own-1' });
  });

  it('withdrawn is retired: kept, and known as such', () => {
    const [first] = builtIn;
    if (!first) throw new Error('no template');
    const retired = questionnaireOf(first, true);
    expect(retired.status).toBe('retired');
    expect(readPracticeTemplate(retired)).toMatchObject({ ok: true, value: { withdrawn: true } });
  });

  it('of another make is named with what is wrong', () => {
    const foreign: Questionnaire = {
      resourceType: 'Questionnaire',
      id: 'q',
      status: 'active',
      title: 'Hospital form',
      item: [{ linkId: '1', type: 'string', text: 'Name' }],
    };
    const read = readPracticeTemplate(foreign);
    expect(read).toMatchObject({ ok: false, value: { name: 'Hospital form' } });
    const { leftOut, entries } = templateCatalogue([], [read], none);
    expect(leftOut.map(({ name }) => name)).toEqual(['Hospital form']);
    expect(leftOut[0]?.faults.map(({ path }) => path)).toContain('sections.0.heading');
    expect(entries).toEqual([]);
  });
});

describe('what is offered', () => {
  const [first] = builtIn;
  if (!first) throw new Error('no template');
  const own = readPracticeTemplate(questionnaireOf(first));

  it('own ones first; hidden, withdrawn and switched off are said, not left out', () => {
    const { entries } = templateCatalogue(
      builtIn,
      [own, readPracticeTemplate(questionnaireOf(first, true))],
      {
        ...none,
        hidden: [{ id: 'h', key: 'general' }],
        switchedOff: [
          { id: 's', target: 'template:chest-pain', reason: 'wrong advice', by: 'Dr B', since: '2026-11-20' },
        ],
      },
    );
    expect(entries.slice(0, 2).map(({ state }) => state)).toEqual(['offered', 'withdrawn']);
    expect(entries.find(({ template }) => template.key === 'general')?.state).toBe('hidden');
    expect(entries.find(({ template }) => template.key === 'chest-pain')?.off).toBe(
      'This template is switched off: wrong advice',
    );
    expect(entries.filter(({ off }) => off !== null)).toHaveLength(1);
    expect(entries).toHaveLength(builtIn.length + 2);
  });
});
