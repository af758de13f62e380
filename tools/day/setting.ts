/** The scene: a practice on PostgreSQL, the records imported, everybody booked with everybody today. */
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Appointment, Condition, Patient, Slot } from '@medplum/fhirtypes';
import { ageInYears } from '../../domain/clinical/age.ts';
import { addDays, formatCivilDate, parseCivilDate } from '../../domain/fhir/civil-date.ts';
import { localTimeOf } from '../../domain/fhir/local-time.ts';
import { uuidV5 } from '../../record-service/import/identity.ts';
import { demoOrganisation, demoStaff } from '../../record-service/seed/demo-practice.ts';
import { momentOf } from '../../record-service/seed/clock.ts';
import type { Practice } from '../../test/support/practice.ts';
import { DayFailure } from './keyboard.ts';
import { ROLES } from './people.ts';
import type { DayPatient } from './people.ts';
import { listAt, readService, textAt } from './service-record.ts';

const project = resolve(import.meta.dirname, '../..');
const NHS_NUMBER = 'https://fhir.nhs.uk/Id/nhs-number';
const BOOKING_NAMESPACE = 'a8cbd5a4-5d44-5b3a-8d7e-0a8a3a2d9f11';

export interface ImportSummary {
  readonly files: number;
  readonly sourceEntries: number;
  readonly unexplained: number;
  readonly saved: number;
}

/** Imports every record of the folder through the running service, as a person at a terminal would. */
export async function importRecords(
  practice: Practice,
  folder: string,
  report: string,
  most?: number,
): Promise<ImportSummary> {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .slice(0, most)
    .map((name) => join(resolve(folder), name));
  if (files.length === 0) throw new DayFailure(`There is no record (*.json) in ${folder}.`);
  const code = await runTool('tools/import.ts', [
    ...files,
    '--service',
    practice.directUrl,
    '--data-dir',
    practice.dataFolder,
    '--json',
    report,
  ]);
  const reports = JSON.parse(readFileSync(report, 'utf8')) as readonly {
    readonly report: { readonly unexplained: number; readonly entries: number };
    readonly loaded?: { readonly created: number };
  }[];
  const add = (of: (one: (typeof reports)[number]) => number): number =>
    reports.reduce((sum, one) => sum + of(one), 0);
  const summary = {
    files: reports.length,
    sourceEntries: add(({ report }) => report.entries),
    unexplained: add(({ report }) => report.unexplained),
    saved: add(({ loaded }) => loaded?.created ?? 0),
  };
  if (code !== 0 || summary.files !== files.length || summary.unexplained > 0) {
    throw new DayFailure(
      `The import took ${summary.files} of ${files.length} records, ${summary.unexplained} entries unexplained (code ${code}).`,
    );
  }
  return summary;
}

/** Adds a synthetic practice of so many people. */
export async function seedPatients(practice: Practice, patients: number): Promise<void> {
  const code = await runTool('tools/seed.ts', [
    '--patients',
    String(patients),
    '--days',
    '0',
    '--service',
    practice.directUrl,
    '--data-dir',
    practice.dataFolder,
  ]);
  if (code !== 0) throw new DayFailure('The synthetic patients could not be made.');
}

function runTool(script: string, args: readonly string[]): Promise<number> {
  return new Promise((settle) => {
    // Not its output: the import names patients' files there.
    const child = spawn(process.execPath, [join(project, script), ...args], {
      cwd: project,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('close', (code) => {
      settle(code ?? 1);
    });
  });
}

/** What the service holds of one patient that the day's choices rest on. */
export interface Candidate {
  readonly patient: DayPatient;
  /** Active problems by title that stands once on the list: one of them is changed in two places. */
  readonly problems: readonly { readonly key: string; readonly title: string }[];
  readonly penicillinAllergy: boolean;
}

/** Living patients with an NHS number, in the order of the number. */
export async function candidates(practice: Practice, label: string): Promise<readonly Candidate[]> {
  const record = await readService(practice.bulk);
  const today = localToday();
  const resources = [...record.values()].map((text) => JSON.parse(text) as Record<string, unknown>);
  const of = (patientId: string, type: string) =>
    resources.filter(
      (resource) =>
        resource['resourceType'] === type &&
        (textAt(resource, 'subject.reference') || textAt(resource, 'patient.reference')) ===
          `Patient/${patientId}`,
    );
  return resources
    .filter((resource) => resource['resourceType'] === 'Patient')
    .map((resource) => resource as unknown as Patient & { readonly id: string })
    .filter((patient) => patient.deceasedDateTime === undefined && patient.deceasedBoolean !== true)
    .flatMap((patient) => {
      const nhsNumber = patient.identifier?.find(({ system }) => system === NHS_NUMBER)?.value;
      return nhsNumber === undefined ? [] : [{ patient, nhsNumber }];
    })
    .sort((left, right) => left.nhsNumber.localeCompare(right.nhsNumber))
    .map(({ patient, nhsNumber }, index) => ({
      patient: {
        id: patient.id,
        label: `${label} ${index + 1}`,
        nhsNumber,
        birthDate: patient.birthDate ?? '',
        ageYears: ageInYears(patient.birthDate, today) ?? 0,
      },
      problems: uniqueProblems(of(patient.id, 'Condition') as unknown as Condition[]),
      penicillinAllergy: of(patient.id, 'AllergyIntolerance').some((allergy) =>
        /penicillin|amoxicillin|cillin\b/i.test(JSON.stringify(allergy)),
      ),
    }));
}

function uniqueProblems(conditions: readonly Condition[]): Candidate['problems'] {
  const titled = conditions
    .filter(
      (condition) =>
        condition.clinicalStatus?.coding?.[0]?.code === 'active' &&
        listAt(condition, 'category').some((one) => JSON.stringify(one).includes('problem-list-item')),
    )
    .map((condition) => ({
      key: `Condition/${condition.id ?? ''}`,
      title: condition.code?.text ?? condition.code?.coding?.[0]?.display ?? '',
    }));
  return titled.filter(
    ({ title }) => title !== '' && titled.filter((other) => other.title === title).length === 1,
  );
}

export function localToday(): string {
  return formatCivilDate(localTimeOf(Date.now()).date);
}

export function daysFrom(today: string, days: number): string {
  const date = parseCivilDate(today);
  if (!date) throw new RangeError('today is a date as YYYY-MM-DD');
  return formatCivilDate(addDays(date, days));
}

/** Everybody is booked with the GP, the nurse and the locum today, ten minutes each. */
export async function bookToday(practice: Practice, patients: readonly DayPatient[]): Promise<number> {
  const today = localToday();
  const day = parseCivilDate(today);
  if (!day) throw new RangeError('today is no date');
  const booked: (Slot | Appointment)[] = [];
  for (const role of ROLES) {
    const staff = demoStaff[role];
    const found = await practice.search(`Schedule?actor=Practitioner/${staff.practitionerId}`);
    const schedule = textAt(found.entry?.[0]?.resource, 'id');
    if (schedule === '') throw new DayFailure(`The ${role} has no schedule to book in.`);
    for (const [index, patient] of patients.entries()) {
      const id = (what: string) => uuidV5(BOOKING_NAMESPACE, `${what} ${today} ${role} ${patient.id}`);
      const start = momentOf(day, 19 * 60 + index * 5);
      const end = momentOf(day, 19 * 60 + index * 5 + 5);
      booked.push({
        resourceType: 'Slot',
        id: id('slot'),
        schedule: { reference: `Schedule/${schedule}` },
        status: 'busy',
        start,
        end,
      });
      booked.push({
        resourceType: 'Appointment',
        id: id('appointment'),
        status: 'booked',
        reasonCode: [{ text: 'Extra surgery' }],
        slot: [{ reference: `Slot/${id('slot')}` }],
        start,
        end,
        minutesDuration: 5,
        created: momentOf(day, 0),
        participant: [
          { actor: { reference: `Patient/${patient.id}` }, status: 'accepted' },
          {
            actor: { reference: `Practitioner/${staff.practitionerId}`, display: staff.displayName },
            status: 'accepted',
          },
          {
            actor: { reference: `Location/${demoOrganisation.mainLocationId}`, display: 'Main surgery' },
            status: 'accepted',
          },
        ],
      });
    }
  }
  const { created } = await practice.bulk.load(booked);
  if (created !== booked.length) throw new DayFailure(`${created} of ${booked.length} bookings were taken.`);
  return booked.length / 2;
}
