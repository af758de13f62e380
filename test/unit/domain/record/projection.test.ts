import { describe, expect, test } from 'vitest';
import { findInRecord } from '../../../../domain/record/find-in-record.ts';
import { entryProvenance } from '../../../../domain/record/entry-provenance.ts';
import { localWarnings } from '../../../../domain/record/local-warnings.ts';
import { narrativeText } from '../../../../domain/record/narrative-text.ts';
import { enteredInError } from '../../../../domain/record/record-edit.ts';
import { opened } from './fixtures.ts';
import { althoughExtension } from '../../../../domain/record/recorded-although.ts';

const SNOMED = 'http://snomed.info/sct';

function weight(id: string, value: number, unit: string, when: string, more: object = {}): object {
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: SNOMED, code: '27113001' }], text: 'Body weight' },
    effectiveDateTime: when,
    valueQuantity: { value, unit, code: unit, system: 'http://unitsofmeasure.org' },
    ...more,
  };
}

function pressure(
  id: string,
  systolic: number,
  diastolic: number,
  when: string,
  header = '163020007',
): object {
  const part = (code: string, value: number): object => ({
    code: { coding: [{ system: SNOMED, code }] },
    valueQuantity: { value, unit: 'mmHg', code: 'mm[Hg]' },
  });
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: SNOMED, code: header }], text: 'Blood pressure' },
    effectiveDateTime: when,
    component: [part('72313002', systolic), part('1091811000000102', diastolic)],
  };
}

describe('journal', () => {
  test('hazard 100: an entry of a type that nothing knows stands there under its own name', () => {
    const strange = {
      resourceType: 'VisionPrescription',
      id: 'v',
      date: '2020-01-01',
      note: [{ text: 'kept' }],
    };
    expect(opened([strange]).view('journal')).toMatchObject([
      { kind: 'entry', entry: { category: 'VisionPrescription', notes: ['kept'], when: '2020-01-01' } },
    ]);
  });

  test('an entry without a date comes last and is not lost', () => {
    const journal = opened([
      weight('w1', 70, 'kg', '2020-01-01'),
      { resourceType: 'Observation', id: 'w2', code: { text: 'undated' } },
    ]).view('journal');
    expect(journal.map((item) => item.when)).toEqual(['2020-01-01', null]);
  });

  test('an entry that names a consultation without standing under its headings still shows in it', () => {
    const [consultation] = opened([
      {
        resourceType: 'Encounter',
        id: 'e',
        status: 'finished',
        class: { code: 'AMB' },
        period: { start: '2021-01-01' },
      },
      {
        resourceType: 'Composition',
        id: 'k',
        status: 'final',
        type: {},
        title: 'x',
        date: '2021-01-01',
        author: [],
        encounter: { reference: 'Encounter/e' },
      },
      { ...weight('w', 70, 'kg', '2021-01-01'), encounter: { reference: 'Encounter/e' } },
    ]).view('journal');
    expect(consultation).toMatchObject({
      kind: 'consultation',
      topics: [{ headings: [{ entries: [{ text: 'Body weight' }] }] }],
    });
  });

  test('hazard 17: a reference to what is not here says so', () => {
    const [consultation] = opened([
      {
        resourceType: 'Composition',
        id: 'k',
        status: 'final',
        type: {},
        title: 'x',
        date: '2021-01-01',
        author: [],
        section: [{ title: 'History', entry: [{ reference: 'Observation/none', display: 'Cough' }] }],
      },
    ]).view('journal');
    expect(consultation).toMatchObject({
      topics: [{ headings: [{ text: ['An entry that is not in this copy: Cough'] }] }],
    });
  });

  test('hazard 62: the results of a report stand within it with their comments', () => {
    const journal = opened([
      {
        resourceType: 'DiagnosticReport',
        id: 'r',
        status: 'preliminary',
        code: { text: 'Full blood count' },
        issued: '2022-01-01',
        result: [{ reference: 'Observation/h' }],
      },
      {
        resourceType: 'Observation',
        id: 'h',
        status: 'final',
        code: { text: 'Haemoglobin' },
        valueQuantity: { value: 101, unit: 'g/L' },
        note: [{ text: 'repeat in 4 weeks' }],
      },
    ]);
    expect(journal.view('journal')).toHaveLength(1);
    expect(journal.view('reports')).toMatchObject([
      { interim: true, results: [{ value: '101 g/L', notes: ['repeat in 4 weeks'] }] },
    ]);
  });
});

describe('observations', () => {
  test('GTAB-028: units are never mixed in one line, and what cannot be is shown and not plotted', () => {
    const series = opened([
      weight('w1', 70, 'kg', '2020-01-01'),
      weight('w2', 71, 'kg', '2021-01-01'),
      weight('w3', 11, '[stone_av]', '2019-01-01'),
      weight('w4', 7_000, 'kg', '2018-01-01'),
      weight('w5', 70, 'kg', '2022-01-01', { status: 'entered-in-error' }),
    ]).view('series');
    expect(series.map(({ unit, points }) => [unit, points.map(({ value }) => value)])).toEqual([
      ['kg', [70, 71]],
    ]);
    expect(series[0]?.notPlotted.map(({ why }) => why)).toEqual([
      'entered in error',
      'unit [stone_av] is not one we know for this',
      'not a possible value',
    ]);
  });

  test('home readings of blood pressure never join those of the clinic', () => {
    const series = opened([
      pressure('b1', 120, 80, '2020-01-01'),
      pressure('b2', 130, 85, '2021-01-01', '335661000000109'),
    ]).view('series');
    expect(series.map(({ name, shape }) => [name, shape])).toEqual([
      ['Blood pressure', 'systolic-diastolic'],
      ['Blood pressure, home', 'systolic-diastolic'],
    ]);
  });

  test('the last value has its direction only against the same unit, and skips what was in error', () => {
    const last = (resources: readonly object[]): unknown => opened(resources).record()?.summary.lastValues[0];
    expect(last([weight('w1', 70, 'kg', '2020-01-01'), weight('w2', 75, 'kg', '2021-01-01')])).toMatchObject({
      latest: { text: '75 kg' },
      previous: { text: '70 kg' },
      direction: 'up',
    });
    expect(last([weight('w1', 70, 'kg', '2020-01-01'), weight('w2', 11, 'st', '2021-01-01')])).toMatchObject({
      direction: null,
    });
    expect(
      last([
        weight('w1', 70, 'kg', '2020-01-01'),
        weight('w2', 7, 'kg', '2021-01-01', { status: 'entered-in-error' }),
      ]),
    ).toMatchObject({ latest: { text: '70 kg' }, previous: null });
  });

  test('a height recorded in metres is said to be converted', () => {
    const height = {
      resourceType: 'Observation',
      id: 'h',
      status: 'final',
      code: { coding: [{ system: SNOMED, code: '50373000' }] },
      effectiveDateTime: '2020-01-01',
      valueQuantity: { value: 1.829, unit: 'm', code: 'm' },
    };
    expect(opened([height]).view('observations')[0]?.readings[0]?.text).toBe(
      '182.9 cm (recorded as 1.829 m)',
    );
  });

  test('a count a day says of what only where the unit does', () => {
    const cigars = {
      resourceType: 'Observation',
      id: 'c',
      status: 'final',
      code: { text: 'Cigar consumption' },
      effectiveDateTime: '2020-01-01',
      valueQuantity: { value: 4, unit: '/d' },
    };
    expect(opened([cigars]).view('observations')[0]?.readings[0]?.text).toBe('4 a day');
  });
});

describe('problems', () => {
  test.each([
    ['resolved', '2099-11-27', 'active'],
    ['resolved', '2020-11-27', 'past'],
    ['resolved', undefined, 'past'],
    ['active', '2099-11-27', 'active'],
  ] as const)('%s with an end of %s is %s', (code, abatementDateTime, status) => {
    const [problem] = opened([
      {
        resourceType: 'Condition',
        id: 'c',
        code: { text: 'Urinary tract infection' },
        category: [{ coding: [{ code: 'problem-list-item' }] }],
        clinicalStatus: { coding: [{ code }] },
        ...(abatementDateTime && { abatementDateTime }),
      },
    ]).view('problems');
    expect(problem).toMatchObject({ status, endsAhead: abatementDateTime === '2099-11-27' });
  });
});

describe('a glance at a consultation', () => {
  const note = (id: string, text: string): object => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: SNOMED, code: '37331000000100', display: 'Comment note' }] },
    note: [{ text }],
  });
  const section = (title: string, id: string): object => ({
    title,
    entry: [{ reference: `Observation/${id}` }],
  });

  test('the words come first, and no label of a comment is among them', () => {
    const composition = {
      resourceType: 'Composition',
      id: 'c',
      status: 'final',
      date: '2026-11-20T10:00:00Z',
      author: [],
      section: [section('Examination', 'w'), section('History', 'h'), section('Plan', 'p')],
    };
    const { summary } = opened([
      composition,
      weight('w', 70, 'kg', '2026-11-20'),
      note('h', 'Cough for two weeks'),
      note('p', 'Chest X-ray'),
    ]).record() ?? { summary: null };
    expect(summary?.consultations[0]?.gist).toBe('Cough for two weeks · Chest X-ray · Body weight 70 kg');
  });

  test('a pressure says its two numbers once; where their units differ both stand', () => {
    const details = (item: object): readonly string[] =>
      opened([item])
        .view('timeline')
        .flatMap((entry) => entry.details.map(({ value }) => value));
    expect(details(pressure('b', 128, 76, '2026-11-20'))).toEqual([]);
    const mixed = pressure('b', 128, 76, '2026-11-20') as { component: { valueQuantity: object }[] };
    if (mixed.component[1]) mixed.component[1].valueQuantity = { value: 10, unit: 'kPa', code: 'kPa' };
    expect(details(mixed)).toHaveLength(2);
  });
});

describe('medication', () => {
  const plan = {
    resourceType: 'MedicationRequest',
    id: 'plan',
    status: 'active',
    intent: 'plan',
    medicationCodeableConcept: { text: 'Ramipril 5mg capsules' },
    courseOfTherapyType: { coding: [{ code: 'repeat' }] },
    dosageInstruction: [{ text: 'One daily' }],
  };
  const order = (id: string, issued: string): object => ({
    ...plan,
    id,
    intent: 'order',
    basedOn: [{ reference: 'MedicationRequest/plan' }],
    authoredOn: issued,
  });
  const statement = {
    resourceType: 'MedicationStatement',
    id: 's',
    status: 'active',
    basedOn: [{ reference: 'MedicationRequest/plan' }],
    medicationCodeableConcept: { text: 'Ramipril 5mg capsules' },
    effectivePeriod: { start: '2019-01-01' },
  };

  test('statement, plan and orders are one line, with the last issue', () => {
    const list = opened([statement, plan, order('o1', '2026-08-01'), order('o2', '2026-10-01')]).view(
      'medication',
    );
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({
      kind: 'repeat',
      status: 'Started',
      list: 'current',
      dose: [[{ text: 'One daily', bold: true }]],
      lastIssue: '2026-10-01',
      issues: 2,
      longSinceIssue: false,
    });
    expect(list[0]?.parts.map(({ key }) => key)).toHaveLength(4);
  });

  test('active in its source, last issued years ago: said so', () => {
    const [line] = opened([statement, plan, order('o1', '2020-01-01')]).view('medication');
    expect(line?.longSinceIssue).toBe(true);
  });

  test('an order without its plan is still a line', () => {
    expect(opened([order('o1', '2020-01-01')]).view('medication')).toHaveLength(1);
  });

  test.each([
    ['acute', { courseOfTherapyType: { coding: [{ code: 'acute' }] } }],
    ['repeat', { courseOfTherapyType: { coding: [{ code: 'continuous' }] } }],
    ['repeat dispensing', { courseOfTherapyType: { coding: [{ code: 'continuous-repeat-dispensing' }] } }],
    ['not recorded', { courseOfTherapyType: undefined }],
  ] as const)('a prescription is of the kind %s', (kind, more) => {
    expect(opened([{ ...plan, ...more }]).view('medication')[0]?.kind).toBe(kind);
  });

  test('given or taken elsewhere, and suspended, are told; the review due stands beside the last issue', () => {
    const { basedOn, ...alone } = statement;
    expect(basedOn).toHaveLength(1);
    const elsewhere = {
      ...alone,
      extension: [
        {
          url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-MedicationPrescribingOrganizationType',
          valueCodeableConcept: { text: 'Prescribed by another organisation' },
        },
      ],
    };
    expect(opened([elsewhere]).view('medication')).toMatchObject([
      { kind: 'given or taken elsewhere', prescribingAgency: 'Prescribed by another organisation' },
    ]);
    expect(opened([{ ...alone, status: 'on-hold' }]).view('medication')).toMatchObject([
      { status: 'Suspended', list: 'current' },
    ]);
    const reviewed = {
      ...plan,
      extension: [
        {
          url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-MedicationRepeatInformation',
          extension: [{ url: 'authorisationExpiryDate', valueDateTime: '2027-03-01' }],
        },
      ],
    };
    const record = opened([statement, reviewed, order('o1', '2026-08-01')]);
    expect(record.view('medication')).toMatchObject([{ lastIssue: '2026-08-01', reviewDue: '2027-03-01' }]);
  });

  test('a stopped plan stops what its statement calls active', () => {
    const [line] = opened([statement, { ...plan, status: 'stopped' }]).view('medication');
    expect(line).toMatchObject({ status: 'Discontinued', list: 'past' });
  });

  test.each([
    ['active', '2099-12-20', 'current', 'until 20-Dec-2099', false],
    ['active', '2020-12-20', 'current', 'end date 20-Dec-2020', true],
    ['completed', '2020-12-20', 'past', 'ended 20-Dec-2020', false],
    ['completed', '2099-12-20', 'past', 'was to end 20-Dec-2099', false],
    ['stopped', '2020-12-20', 'past', 'stopped 20-Dec-2020', false],
  ] as const)('%s with an end of %s is %s: "%s"', (status, end, list, endWords, endPassed) => {
    const [line] = opened([{ ...statement, status, basedOn: [], effectivePeriod: { end } }]).view(
      'medication',
    );
    expect(line).toMatchObject({ list, endWords, endPassed });
  });

  test('what was given here stands on the list, current while the rules count it, with what spoke against it', () => {
    const given = (id: string, when: string): object => ({
      resourceType: 'MedicationAdministration',
      id,
      status: 'completed',
      medicationCodeableConcept: { text: 'Benzylpenicillin' },
      effectiveDateTime: when,
      extension: althoughExtension({ warnings: ['The record says: penicillin.'], reason: 'meningitis' }),
    });
    const lines = opened([given('now', '2026-11-20'), given('then', '2020-01-01')]).view('medication');
    expect(lines.map(({ list, status }) => [list, status])).toEqual([
      ['current', 'Given'],
      ['past', 'Given'],
    ]);
    expect(lines[0]?.although).toEqual({ warnings: ['The record says: penicillin.'], reason: 'meningitis' });
  });
});

describe('allergies and warnings', () => {
  test('hazard 88: an ended allergy is kept apart from current ones', () => {
    const list = opened([
      { resourceType: 'AllergyIntolerance', id: 'a', code: { text: 'Nuts' } },
      {
        resourceType: 'AllergyIntolerance',
        id: 'b',
        code: { text: 'Eggs' },
        clinicalStatus: { coding: [{ code: 'resolved' }] },
      },
    ]).record()?.allergyList;
    expect(list?.map(({ agent, status }) => [agent, status])).toEqual([
      ['Nuts', 'active'],
      ['Eggs', 'ended'],
    ]);
  });

  test('an allergy entered in error says why, by whom and when, and counts for nothing', () => {
    const allergy = { resourceType: 'AllergyIntolerance', id: 'c', code: { text: 'Latex' } };
    const by = {
      author: { practitionerId: 'x', name: 'Dr Una Bell' },
      recorded: '2026-11-22T10:04:09Z',
    };
    const record = opened([enteredInError(allergy, 'Wrong patient', by).after]).record();
    expect(record?.allergyList).toMatchObject([
      {
        status: 'entered-in-error',
        enteredInError: { reason: 'Wrong patient', by: 'Dr Una Bell', when: '2026-11-22T10:04:09Z' },
      },
    ]);
    expect(record && localWarnings(record)).toBeNull();
  });

  test('hazards 32, 42: a record in transit says before which day entries may be missing', () => {
    const record = opened([
      {
        resourceType: 'Flag',
        id: 'f',
        status: 'active',
        category: [
          {
            coding: [
              {
                system: 'https://gladstone.example/fhir/CodeSystem/record-completeness',
                code: 'data-in-transit',
              },
            ],
          },
        ],
        code: {
          text: 'Patient record transfer not yet complete; information before 03-Mar-2021 may be missing.',
        },
      },
    ]).record();
    expect(record?.allergyState).toMatchObject({ incompleteBefore: '2021-03-03' });
    expect(record?.completeness.warnings).toMatchObject([{ code: 'data-in-transit', before: '2021-03-03' }]);
  });
});

describe('as it was', () => {
  const condition = {
    resourceType: 'Condition',
    id: 'c',
    category: [{ coding: [{ code: 'problem-list-item' }] }],
    code: { text: 'Gout' },
    clinicalStatus: { coding: [{ code: 'resolved' }] },
    recordedDate: '2019-05-01',
    abatementDateTime: '2022-05-01',
  };

  test('what ended later was active then, what was recorded later was not there', () => {
    expect(opened([condition], { asAt: '2020-01-01' }).view('problems')).toMatchObject([
      { status: 'active', ended: null },
    ]);
    expect(opened([condition], { asAt: '2019-04-30' }).view('problems')).toEqual([]);
    expect(opened([condition]).view('problems')).toMatchObject([{ status: 'past' }]);
  });

  test('says what it cannot tell', () => {
    const record = opened([condition], { asAt: '2020-01-01' }).record();
    expect(record?.completeness.warnings.map(({ text }) => text).join()).toContain('corrections made later');
  });
});

describe('finding and provenance', () => {
  test('every word, anywhere in the entry, accents and case aside', () => {
    const entries = opened([
      {
        resourceType: 'Condition',
        id: 'c',
        code: { text: 'Ménière’s disease' },
        note: [{ text: 'Left ear' }],
      },
    ]).view('timeline');
    expect(findInRecord(entries, 'LEFT meniere').map(({ source }) => source.key)).toEqual(['Condition/c']);
    expect(findInRecord(entries, 'right meniere')).toEqual([]);
    expect(findInRecord(entries, '  ')).toEqual([]);
  });

  test('who, where, when and from where', () => {
    const record = opened(
      [
        {
          resourceType: 'Condition',
          id: 'c',
          meta: { source: 'https://other.example#Condition/9', lastUpdated: '2026-01-01T00:00:00Z' },
          code: { text: 'Gout' },
          recordedDate: '2019-05-01',
          recorder: { reference: 'Practitioner/x' },
          encounter: { reference: 'Encounter/e' },
        },
        {
          resourceType: 'Encounter',
          id: 'e',
          class: {},
          serviceProvider: { reference: 'Organization/o' },
        },
      ],
      {
        shared: [
          {
            resourceType: 'Practitioner',
            id: 'x',
            name: [{ prefix: ['Dr'], given: ['Una'], family: 'Bell' }],
          },
          { resourceType: 'Organization', id: 'o', name: 'Hill Surgery' },
        ],
      },
    );
    const item = record.contents.byKey('Condition/c');
    expect(item && entryProvenance(item, record.contents, [])).toMatchObject({
      author: 'Dr Una Bell',
      organisation: 'Hill Surgery',
      recorded: '2019-05-01',
      when: '2019-05-01',
      receivedByService: '2026-01-01T00:00:00Z',
      importedFrom: 'https://other.example#Condition/9',
      versions: [{ version: 1 }],
    });
  });
});

test('of provenance: the role, the place, the consultation, and who entered it where that was somebody else', () => {
  const provenanceOf = (recorder: string) => {
    const record = opened([
      {
        resourceType: 'MedicationRequest',
        id: 'm',
        medicationCodeableConcept: { text: 'Amoxicillin' },
        authoredOn: '2026-11-22T10:04:09Z',
        requester: { display: 'Dr Una Bell' },
        recorder: { display: recorder },
        encounter: { reference: 'Encounter/e' },
      },
      {
        resourceType: 'Encounter',
        id: 'e',
        class: {},
        participant: [{ type: [{ text: 'General practitioner' }] }],
        location: [{ location: { display: 'Branch surgery' } }],
      },
      {
        resourceType: 'Provenance',
        id: 'v',
        recorded: '2026-11-22T10:05:00Z',
        target: [{ reference: 'MedicationRequest/m' }],
        agent: [{ who: { display: 'Dr Una Bell' }, role: [{ text: 'Locum' }] }],
      },
    ]);
    const item = record.contents.byKey('MedicationRequest/m');
    return item && entryProvenance(item, record.contents, []);
  };
  expect(provenanceOf('Dr Una Bell')).toMatchObject({
    author: 'Dr Una Bell',
    role: 'Locum',
    enteredBy: null,
    location: 'Branch surgery',
    when: '2026-11-22T10:04:09Z',
    encounter: { key: 'Encounter/e' },
  });
  expect(provenanceOf('Nurse Lee')).toMatchObject({ author: 'Dr Una Bell', enteredBy: 'Nurse Lee' });
});

test('narrative is read as text, whatever it holds', () => {
  expect(
    narrativeText('<div>One &lt;b&gt;<br/>two<script>alert(1)</script><p>three &amp; four</p></div>'),
  ).toEqual(['One <b>', 'two', 'three & four']);
});
