/** Patients of the fixture whom no generator makes: look-alikes, a child, one who has died, documents of every kind. */
import type { DocumentReference, Observation, Patient, Resource } from '@medplum/fhirtypes';

export interface FixturePerson {
  readonly patient: Patient;
  readonly resources: readonly Resource[];
}

/** A picture of one red dot. */
const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mP8z8BQz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC';

/** One page that says "Clinic letter of the fixture", with a script that must never run. */
const PDF = [
  '%PDF-1.4',
  '1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\("no"\\))>>>>endobj',
  '2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj',
  '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj',
  '4 0 obj<</Length 66>>stream',
  'BT /F1 24 Tf 40 120 Td (Clinic letter of the fixture) Tj ET       ',
  'endstream endobj',
  '5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj',
  'trailer<</Root 1 0 R>>',
  '%%EOF',
].join('\n');

const HTML =
  '<html><head><script>document.title="ran"</script><style>p{color:red}</style></head><body><p>Words of a web page</p><img src="https://example.org/track.png"></body></html>';

function person(id: string, family: string, given: string, more: Partial<Patient> = {}): Patient {
  return {
    resourceType: 'Patient',
    id: `00000000-0000-4000-8000-0000000f${id}`,
    name: [{ use: 'official', family, given: [given], prefix: ['Mx'] }],
    gender: 'female',
    address: [{ use: 'home', line: ['1 Fixture Street', 'Leeds'], postalCode: 'LS1 4AP' }],
    telecom: [{ system: 'phone', use: 'mobile', value: '07700 900123' }],
    ...more,
  };
}

function nhs(value: string): Pick<Patient, 'identifier'> {
  return { identifier: [{ system: 'https://fhir.nhs.uk/Id/nhs-number', value }] };
}

/** @param today `YYYY-MM-DD` */
export function fixturePeople(today: string): readonly FixturePerson[] {
  const year = Number(today.slice(0, 4));
  const twin = (id: string, given: string, number: string) => ({
    patient: person(id, 'Testtwin', given, { birthDate: '1980-03-04', ...nhs(number) }),
    resources: [],
  });
  const child = person('0003', 'Testchild', 'Mia', {
    birthDate: `${year - 4}-02-01`,
    address: [{ use: 'home', line: ['9 Elsewhere'], postalCode: 'LS9 9ZZ' }],
  });
  const died = person('0004', 'Testlate', 'Ada', {
    birthDate: '1931-05-06',
    deceasedDateTime: '2026-10-01',
    address: [{ use: 'home', line: ['8 Elsewhere'], postalCode: 'LS9 8ZZ' }],
  });
  const letters = person('0005', 'Testpaper', 'Lou', {
    birthDate: '1955-07-08',
    address: [{ use: 'home', line: ['7 Elsewhere'], postalCode: 'LS9 7ZZ' }],
  });
  return [
    twin('0001', 'Alex', '9990000018'),
    twin('0002', 'Alexa', '9990000026'),
    { patient: child, resources: [weight(child, `${year - 1}-06-01`)] },
    { patient: died, resources: [] },
    {
      patient: letters,
      resources: [
        letter(letters, 'text', 'Plain letter', 'text/plain', btoa('Dear Doctor,\nthe knee is better.')),
        letter(letters, 'html', 'Web page', 'text/html', btoa(HTML)),
        letter(letters, 'png', 'Picture', 'image/png', PNG),
        letter(letters, 'pdf', 'Clinic letter', 'application/pdf', btoa(PDF)),
        letter(letters, 'broken', 'Damaged letter', 'application/pdf', btoa('no such thing')),
        letter(letters, 'word', 'Word file', 'application/msword', btoa('D0CF11E0')),
        letter(letters, 'away', 'Letter elsewhere', 'application/pdf', undefined),
      ],
    },
  ];
}

function weight(of: Patient, when: string): Observation {
  return {
    resourceType: 'Observation',
    id: '00000000-0000-4000-8000-00000000aa01',
    status: 'final',
    code: { coding: [{ system: 'http://snomed.info/sct', code: '27113001', display: 'Body weight' }] },
    subject: { reference: `Patient/${of.id ?? ''}` },
    effectiveDateTime: when,
    valueQuantity: { value: 14.2, unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
  };
}

function letter(
  of: Patient,
  name: string,
  title: string,
  contentType: string,
  data: string | undefined,
): DocumentReference {
  return {
    resourceType: 'DocumentReference',
    id: `letter-${name}`,
    status: 'current',
    date: '2026-05-01T09:00:00Z',
    subject: { reference: `Patient/${of.id ?? ''}` },
    content: [
      {
        attachment: {
          title,
          contentType,
          ...(data === undefined ? { url: 'https://records.example.org/Binary/1' } : { data }),
        },
      },
    ],
  };
}
