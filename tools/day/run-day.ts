/**
 * The main job of the product as one run without a person: a surgery, a clinic and visits, all without network, with two
 * power cuts, while the practice goes on; then everything meets, and is compared with what was meant.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DesktopFixture } from '../../test/support/electron.ts';
import { startPostgres } from '../../test/support/postgres.ts';
import { startPractice } from '../../test/support/practice.ts';
import type { Practice } from '../../test/support/practice.ts';
import { checkEntry, MadeToday } from './check-service.ts';
import type { Finding } from './check-service.ts';
import { checkScreen } from './check-screen.ts';
import { Colleague } from './elsewhere.ts';
import { DayFailure } from './keyboard.ts';
import { checkConflict, checkMeeting, checkMeetingOnScreen, checkConflictOnScreen } from './check-meeting.ts';
import { checkVisits } from './check-visits.ts';
import { ROLES, ROLE_TITLES } from './people.ts';
import type { Role } from './people.ts';
import { planDay } from './plan.ts';
import { effortOf } from './report.ts';
import type { DayReport } from './report.ts';
import { Seat } from './seat.ts';
import { changeBetween, readService } from './service-record.ts';
import { bookToday, candidates, importRecords, localToday, seedPatients } from './setting.ts';
import type { Candidate, ImportSummary } from './setting.ts';
import { clinic, CONFLICT_COMMENT, DayBook, surgery, visits } from './working-hours.ts';

export interface DayOptions {
  /** Folder of GP Connect records; synthetic patients only without it. */
  readonly records?: string;
  /** Only the first so many of them. */
  readonly recordFiles?: number;
  /** How many patients at least; made up with synthetic ones. */
  readonly patients: number;
  /** PostgreSQL, or the embedded engine (quicker, for a short form). */
  readonly engine: 'postgresql' | 'embedded';
  /** Reports and pictures. */
  readonly out: string;
  readonly say: (line: string) => void;
}

const NEW_PHONE = '01632 960 777';

/** @throws DayFailure where the day could not go on; differences that were found are in the report. */
export async function runDay(options: DayOptions): Promise<DayReport> {
  const began = performance.now();
  mkdirSync(options.out, { recursive: true });
  const cluster = options.engine === 'postgresql' ? await startPostgres() : undefined;
  const desktop = new DesktopFixture();
  let practice: Practice | undefined;
  try {
    practice = await startPractice({
      patients: 0,
      ...(cluster ? { databaseUrl: await cluster.createDatabase('gladstone_day') } : {}),
    });
    options.say(`record service on ${cluster?.version ?? 'its embedded engine'}`);
    const report = await new Day(options, practice, desktop).run();
    return { ...report, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    await desktop.screenshots(options.out);
    throw error;
  } finally {
    await desktop.closeAll();
    await practice?.close();
    await cluster?.stop();
  }
}

class Day {
  readonly #options: DayOptions;
  readonly #practice: Practice;
  readonly #seats: Readonly<Record<Role, Seat>>;

  constructor(options: DayOptions, practice: Practice, desktop: DesktopFixture) {
    this.#options = options;
    this.#practice = practice;
    this.#seats = {
      gp: new Seat('gp', desktop, practice),
      nurse: new Seat('nurse', desktop, practice),
      locum: new Seat('locum', desktop, practice),
    };
  }

  async run(): Promise<Omit<DayReport, 'seconds'>> {
    const { say, records, recordFiles } = this.#options;
    const practice = this.#practice;
    const book = new DayBook(say, this.#options.out);
    let imported: ImportSummary | null = null;
    if (records !== undefined) {
      const report = join(this.#options.out, 'import.json');
      imported = await importRecords(practice, records, report, recordFiles);
      say(
        `${imported.files} records imported, ${imported.saved} resources, ${imported.unexplained} unexplained`,
      );
    }
    const people = await this.#gather(records !== undefined);
    const booked = await bookToday(
      practice,
      people.map(({ patient }) => patient),
    );
    const disputed = choose(people, ({ problems }) => problems.length > 0, 'an active problem');
    const allergic = choose(people, ({ penicillinAllergy }) => !penicillinAllergy, 'no penicillin allergy');
    const problem = disputed.problems[0] ?? { key: '', title: '' };
    const plans = planDay(
      people.map(({ patient }) => patient),
      people.indexOf(allergic),
    );
    say(`${plans.length} patients booked with GP, nurse and locum`);
    const before = await readService(practice.bulk);

    for (const role of ROLES) {
      const seat = this.#seats[role];
      await seat.signIn();
      await seat.fillBag();
      await book.picture(seat, '1-bag-filled');
      await seat.leave();
      say(`${ROLE_TITLES[role]} signed in, bag filled`);
    }
    const nurseAtDesk = await Colleague.arrive(practice, 'nurse');
    const reception = await Colleague.arrive(practice, 'receptionist');
    practice.network.cut();
    say('network cut');

    const theirs = await nurseAtDesk.change(problem.key, (condition) => ({
      ...condition,
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'inactive' }],
      },
      note: [{ text: 'Settled, by the nurse at the practice' }],
    }));
    await reception.change(`Patient/${disputed.patient.id}`, (patient) => ({
      ...patient,
      telecom: [{ system: 'phone', use: 'home', value: NEW_PHONE }],
    }));
    say('at the practice meanwhile: the nurse ends a problem, reception notes a new telephone');
    await surgery(this.#seats.gp, plans, { patient: disputed.patient, problem: problem.title }, book);
    await clinic(this.#seats.nurse, plans, allergic.patient, book);
    await visits(this.#seats.locum, plans, book);

    practice.network.mend();
    say('network mended');
    const findings: Finding[] = [];
    for (const role of ROLES) {
      const seat = this.#seats[role];
      await seat.coldStart();
      await seat.inStep();
      await seat.leave();
      say(`${ROLE_TITLES[role]} in step`);
    }

    const change = changeBetween(before, await readService(practice.bulk));
    const made = new MadeToday(change, localToday());
    for (const entered of book.entered) findings.push(checkEntry(entered, made));
    findings.push(checkMeeting(made, allergic.patient.id));
    findings.push(checkConflict(made, change, { key: problem.key, theirs, comment: CONFLICT_COMMENT }));
    const visitsBegun = checkVisits(change, book.entered);
    findings.push(visitsBegun.finding);
    const known = [problem.key, `Patient/${disputed.patient.id}`, ...visitsBegun.keys];
    findings.push({
      what: 'nothing else changed at the service',
      differences: [
        ...made.left.map((key) => `made, and meant by nobody: ${key}`),
        ...[...change.changed.keys()].filter((key) => !known.includes(key)).map((key) => `changed: ${key}`),
        ...change.gone.map((key) => `gone: ${key}`),
      ],
    });
    const atService = findings.length;
    say(`service compared: ${findings.flatMap(({ differences }) => differences).length} differences`);

    for (const role of ROLES) {
      const seat = this.#seats[role];
      await seat.coldStart();
      await seat.inStep();
      for (const { patient } of plans) {
        const entries = book.entered.filter((one) => one.patient.id === patient.id);
        await book.attempt(seat, `${ROLE_TITLES[role]}’s screen: ${patient.label} read`, async () => {
          findings.push(...(await checkScreen(seat, entries, localToday())));
        });
        if (patient.id === allergic.patient.id) await book.picture(seat, '6-all-entries');
      }
      if (role !== 'gp') findings.push(await checkMeetingOnScreen(seat));
      if (role === 'gp')
        findings.push(await checkConflictOnScreen(seat, disputed.patient, problem.title, NEW_PHONE));
      await book.picture(seat, role === 'gp' ? '7-conflict-shown' : '7-both-are-told');
      await seat.leave();
      say(`${ROLE_TITLES[role]}’s screens compared`);
    }
    const differences = [
      ...book.faults,
      ...findings.flatMap((finding) =>
        finding.differences.map((difference) => `${finding.what}: ${difference}`),
      ),
    ];
    return {
      passed: differences.length === 0,
      patients: {
        imported: people.filter(({ patient }) => patient.label.startsWith('record')).length,
        synthetic: people.filter(({ patient }) => patient.label.startsWith('synthetic')).length,
      },
      imported,
      booked,
      checks: { service: atService, screen: findings.length - atService },
      differences,
      kills: book.kills,
      effort: effortOf(book.effort),
    };
  }

  /** Imported patients all; synthetic ones until there are enough, and one whose problem can be disputed. */
  async #gather(withRecords: boolean): Promise<readonly Candidate[]> {
    const records = withRecords ? await candidates(this.#practice, 'record') : [];
    const lacks =
      !records.some(({ problems }) => problems.length > 0) || records.every((one) => one.penicillinAllergy);
    const wanted = Math.max(this.#options.patients - records.length, lacks ? 1 : 0);
    if (wanted === 0) return records;
    await seedPatients(this.#practice, 40);
    const known = new Set(records.map(({ patient }) => patient.id));
    const others = (await candidates(this.#practice, 'synthetic'))
      .filter(({ patient }) => !known.has(patient.id) && patient.ageYears >= 16)
      .toSorted((left, right) => fitness(right) - fitness(left))
      .slice(0, wanted)
      .map((one, index) => ({ ...one, patient: { ...one.patient, label: `synthetic ${index + 1}` } }));
    if (others.length < wanted) throw new DayFailure('There are too few synthetic patients.');
    return [...records, ...others];
  }
}

function choose(people: readonly Candidate[], fits: (one: Candidate) => boolean, what: string): Candidate {
  const found = people.find(fits);
  if (!found) throw new DayFailure(`No patient of the day has ${what}.`);
  return found;
}

function fitness({ problems, penicillinAllergy }: Candidate): number {
  return (problems.length > 0 ? 1 : 0) + (penicillinAllergy ? 0 : 1);
}
