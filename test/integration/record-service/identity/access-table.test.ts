import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangesPage } from '../../../../contract/record-service.ts';
import { TASK_CATEGORY_SYSTEM, type Interaction } from '../../../../record-service/identity/access.ts';
import {
  accessRoles,
  accessSubjects,
  decidedAccess,
  nameOf,
  renderAccessTable,
  type AccessCell,
  type AccessRole,
  type AccessSubject,
} from '../../../../tools/access-table/table.ts';
import { startTestService, type TestService } from '../../../support/record-service.ts';
import { fhirClient, type FhirClient } from '../contract/fhir-client.ts';

/** Must-show 5 of the record service: role × resource × interaction, every cell tried over HTTP. */
describe('the access table', () => {
  let service: TestService;
  let patientId = '';
  const ids = new Map<string, string>();
  const clients = new Map<AccessRole, FhirClient>();
  const tried = new Map<string, AccessCell>();

  beforeAll(async () => {
    service = await startTestService('postgres');
    for (const role of accessRoles) clients.set(role, fhirClient(`${service.base}/fhir/R4/A99999`, role));
    patientId = await create({ resourceType: 'Patient', name: [{ family: 'Exempelton' }] });
    for (const subject of accessSubjects) {
      if (subject.type === 'AuditEvent') continue;
      ids.set(nameOf(subject), subject.type === 'Patient' ? patientId : await create(bodyOf(subject)));
    }
    const audit = await client('system').send('GET', 'AuditEvent?_count=1000');
    ids.set('AuditEvent', audit.body.entry?.at(-1)?.resource?.id ?? '');
  });
  afterAll(() => service.stop());

  function client(role: AccessRole): FhirClient {
    const found = clients.get(role);
    if (found === undefined) throw new Error(`no client for ${role}`);
    return found;
  }

  async function create(body: {
    readonly resourceType?: string;
    readonly [element: string]: unknown;
  }): Promise<string> {
    const answer = await client('system').send('POST', body.resourceType ?? '', { body });
    if (answer.status !== 201) throw new Error(`${body.resourceType ?? ''}: ${answer.text}`);
    return answer.body.id;
  }

  it.each(accessRoles)('every cell of %s', async (role) => {
    const feed = await changesOf(role);
    const everything = await client(role).send('GET', `Patient/${patientId}/$everything`);
    expect(everything.status).toBe(200);
    for (const subject of accessSubjects) {
      const name = nameOf(subject);
      const id = ids.get(name) ?? '';
      const isAudit = subject.type === 'AuditEvent';
      const set = (interaction: Interaction, cell: AccessCell): void => {
        tried.set(`${role} ${name} ${interaction}`, cell);
      };
      const path = `${subject.type}/${id}`;
      const get = async (of: string): Promise<boolean> => {
        const answer = await client(role).send('GET', of);
        const given = isAudit && !of.includes(id) ? '"resourceType":"AuditEvent"' : `"id":"${id}"`;
        return answer.status === 200 && answer.text.includes(given);
      };
      set('read', await get(path));
      set('search-type', await get(isAudit ? 'AuditEvent?_count=1' : `${subject.type}?_id=${id}`));
      set('vread', isAudit ? null : await get(`${path}/_history/1`));
      set('history-instance', isAudit ? null : await get(`${path}/_history`));
      set('history-type', isAudit ? null : await get(`${subject.type}/_history?_count=1000`));
      set('everything', subject.inRecord ? everything.text.includes(`"id":"${id}"`) : null);
      set('pack', feed.has(path));
      set('create', await attempt(role, 'POST', subject.type, bodyOf(subject)));
      set('update', await attempt(role, 'PUT', path, { ...bodyOf(subject), id }));
      set('patch', await attempt(role, 'PATCH', path, [{ op: 'add', path: '/language', value: 'en-GB' }]));
      const spare = subject.type === 'AuditEvent' ? id : await create(bodyOf(subject));
      set('delete', await attempt(role, 'DELETE', `${subject.type}/${spare}`, undefined));
    }
  });

  it('the service does what the rules say', () => {
    const disagreements = [...tried].filter(([cell, found]) => {
      const [role = '', ...rest] = cell.split(' ');
      const interaction = rest.pop() as Interaction;
      const subject = accessSubjects.find((one) => nameOf(one) === rest.join(' '));
      return subject === undefined || found !== decidedAccess(role as AccessRole, subject, interaction);
    });
    expect(disagreements).toEqual([]);
  });

  it('is the page in docs, cell for cell', () => {
    const page = renderAccessTable((role, subject, interaction) => {
      const cell = tried.get(`${role} ${nameOf(subject)} ${interaction}`);
      if (cell === undefined) throw new Error(`not tried: ${role} ${nameOf(subject)} ${interaction}`);
      return cell;
    });
    expect(tried.size).toBe(accessRoles.length * accessSubjects.length * 11);
    expect(page).toBe(readFileSync(new URL('../../../../docs/access-table.md', import.meta.url), 'utf8'));
  });

  /** Allowed, or refused with 403 (AuditEvent, which nobody writes: 403, 404 or 405). Anything else is a fault. */
  async function attempt(role: AccessRole, method: string, path: string, body: unknown): Promise<boolean> {
    const headers: Record<string, string> = {};
    if (method === 'PATCH') headers['content-type'] = 'application/json-patch+json';
    if (method === 'PUT') {
      const current = await client('system').send('GET', path);
      headers['if-match'] = current.headers.get('etag') ?? 'W/"1"';
    }
    const answer = await client(role).send(method, path, {
      ...(body === undefined ? {} : { body }),
      headers,
    });
    if (answer.status >= 200 && answer.status < 300) return true;
    const refusals = path.startsWith('AuditEvent') ? [400, 403, 404, 405] : [403];
    expect(refusals, `${role} ${method} ${path}: ${answer.text}`).toContain(answer.status);
    return false;
  }

  async function changesOf(role: AccessRole): Promise<ReadonlySet<string>> {
    const base = `${service.base}/sync/A99999`;
    const headers = { authorization: `Bearer ${role}` };
    const probe = (await (await fetch(`${base}/probe`, { headers })).json()) as { epoch: string };
    const keys = new Set<string>();
    for (let position = 0; ;) {
      const answer = await fetch(`${base}/changes?epoch=${probe.epoch}&position=${position}&count=2000`, {
        headers,
      });
      const page = (await answer.json()) as ChangesPage;
      for (const entry of page.entries) if (entry.kind === 'upsert') keys.add(entry.key);
      if (page.next === position) return keys;
      position = page.next;
    }
  }

  function bodyOf(subject: AccessSubject): {
    readonly resourceType: string;
    readonly [element: string]: unknown;
  } {
    const named = (type: string): object => ({ reference: `${type}/${ids.get(type) ?? ''}` });
    const person = { reference: `Patient/${patientId}` };
    const bodies: Readonly<Record<string, object>> = {
      Patient: { name: [{ family: 'Exempelton' }] },
      RelatedPerson: { patient: person },
      Appointment: {
        status: 'booked',
        start: '2026-11-23T09:00:00Z',
        end: '2026-11-23T09:10:00Z',
        participant: [{ actor: person, status: 'accepted' }],
      },
      AppointmentResponse: {
        appointment: named('Appointment'),
        actor: person,
        participantStatus: 'accepted',
      },
      Schedule: { actor: [{ display: 'Surgery' }] },
      Slot: {
        schedule: named('Schedule'),
        status: 'free',
        start: '2026-11-23T09:00:00Z',
        end: '2026-11-23T09:10:00Z',
      },
      Organization: { name: 'Practice' },
      Practitioner: { name: [{ family: 'Okafor' }] },
      PractitionerRole: { active: true },
      Location: { name: 'Room 1' },
      HealthcareService: { name: 'Surgery' },
      Questionnaire: { status: 'active', title: 'Asthma review' },
      Basic: { code: { text: 'Setting of the practice' } },
      Task: {
        status: 'requested',
        intent: 'order',
        for: person,
        code: { coding: [{ system: TASK_CATEGORY_SYSTEM, code: subject.category }] },
      },
      Encounter: {
        status: 'finished',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
        subject: person,
      },
      Composition: {
        status: 'final',
        type: { text: 'Consultation' },
        subject: person,
        date: '2026-11-20',
        author: [{ display: 'Dr Okafor' }],
        title: 'Surgery',
      },
      Condition: { subject: person, code: { text: 'Asthma' } },
      AllergyIntolerance: {
        patient: person,
        code: { text: 'Penicillin' },
        clinicalStatus: {
          coding: [
            { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
          ],
        },
      },
      MedicationRequest: {
        status: 'active',
        intent: 'order',
        subject: person,
        medicationCodeableConcept: { text: 'Amoxicillin' },
      },
      MedicationStatement: {
        status: 'active',
        subject: person,
        medicationCodeableConcept: { text: 'Amoxicillin' },
      },
      Immunization: {
        status: 'completed',
        vaccineCode: { text: 'Influenza' },
        patient: person,
        occurrenceDateTime: '2026-10-01',
      },
      Observation: { status: 'final', code: { text: 'Weight' }, subject: person },
      DiagnosticReport: { status: 'final', code: { text: 'Full blood count' }, subject: person },
      Specimen: { subject: person },
      Procedure: { status: 'completed', subject: person },
      FamilyMemberHistory: { status: 'completed', patient: person, relationship: { text: 'Mother' } },
      ServiceRequest: { status: 'active', intent: 'order', subject: person },
      DocumentReference: {
        status: 'current',
        subject: person,
        content: [{ attachment: { title: 'Letter' } }],
      },
      Communication: { status: 'completed', subject: person },
      QuestionnaireResponse: { status: 'completed', subject: person },
      CarePlan: { status: 'active', intent: 'plan', subject: person },
      List: { status: 'current', mode: 'working', subject: person },
      Flag: { status: 'active', code: { text: 'Safeguarding' }, subject: person },
      Consent: {
        status: 'active',
        scope: { text: 'Treatment' },
        category: [{ text: 'Sharing' }],
        patient: person,
        policyRule: { text: 'Local' },
      },
      EpisodeOfCare: { status: 'active', patient: person },
      Provenance: {
        target: [person],
        recorded: '2026-11-20T10:00:00Z',
        agent: [{ who: { display: 'Dr Okafor' } }],
      },
      AuditEvent: {
        type: { code: 'rest' },
        recorded: '2026-11-20T10:00:00Z',
        agent: [{ requestor: true }],
        source: { observer: { display: 'x' } },
      },
    };
    return { resourceType: subject.type, ...bodies[subject.type] };
  }
});
