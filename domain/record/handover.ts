/**
 * What goes on a handover for ambulance or hospital: a selection from one record's views, in the order in which it is
 * read. Nothing that is in force is dropped in silence: a list that ends early says how many more there are, and what is
 * left out because it is sensitive is counted. Safeguarding is never on it (clinical.md, Hazards of carrying a record).
 */
import { compareCivilDates } from '../fhir/civil-date.ts';
import { localDayOf } from '../fhir/local-time.ts';
import { sortKeyOf } from '../fhir/partial-date.ts';
import { pregnancyOn, type RecordedPregnancy } from '../clinical/pregnancy.ts';
import { handoverConsultation, type HandoverConsultation } from './handover-consultation.ts';
import { draftsOnPaper, type DraftsOnPaper, type HandoverDraft } from './handover-draft.ts';
import { observationsToday, type HandoverObservation } from './handover-observations.ts';
import { keysOn, placedKeys } from './handover-keys.ts';
import { isUnsent, listed, mayStand, type Listed } from './handover-list.ts';
import type { RecordedScale } from './standing-facts.ts';
import type {
  AlertView,
  AllergyView,
  ConsultationGlance,
  EntryView,
  ItemSource,
  LastValue,
  MedicationView,
  ProblemView,
  RecentDiagnosis,
  RecordView,
  RecordViews,
  ReportView,
} from './record-view.ts';

export interface HandoverInput {
  readonly record: RecordView;
  readonly views: Pick<RecordViews, 'journal' | 'medication' | 'observations' | 'reports' | 'timeline'>;
  /** Of the person at work, for this patient. */
  readonly drafts: readonly HandoverDraft[];
  /** FHIR dateTime. */
  readonly now: string;
  /** A person chose to put in what is marked as sensitive. */
  readonly withSensitive: boolean;
}

export interface Handover {
  /** All current ones; the record never leaves an allergy out of anything. */
  readonly allergies: readonly AllergyView[];
  /** Ended, refuted or entered in error: not on the paper. */
  readonly pastAllergies: number;
  readonly resuscitation: readonly AlertView[];
  readonly alerts: Listed<AlertView>;
  /** Scale 2 of NEWS2 is in force: the target is 88 to 92%. */
  readonly oxygenTarget: RecordedScale | null;
  /** As last answered; `holds` is false once its last day is over. */
  readonly pregnancy: (RecordedPregnancy & { readonly holds: boolean }) | null;
  readonly drafts: DraftsOnPaper;
  /** Today's, newest first: it is the last that tells why. */
  readonly consultations: Listed<HandoverConsultation>;
  /** Observed today without a value: on air, pulse regular. */
  readonly findings: Listed<EntryView>;
  /** Recorded today and standing nowhere else on the paper. */
  readonly alsoToday: Listed<EntryView>;
  readonly observations: Listed<HandoverObservation>;
  /** Disputed first, then what was stopped lately, then what was given today, then the current ones: all of them. */
  readonly disputedMedication: Listed<MedicationView>;
  readonly stoppedMedication: Listed<MedicationView>;
  readonly givenToday: Listed<MedicationView>;
  readonly medication: Listed<MedicationView>;
  readonly problems: Listed<ProblemView>;
  readonly diagnoses: Listed<RecentDiagnosis>;
  readonly pastProblems: Listed<ProblemView>;
  readonly reports: Listed<ReportView>;
  readonly values: Listed<LastValue>;
  readonly earlier: Listed<ConsultationGlance>;
  readonly unsent: {
    /** Lines of the paper that so far only this computer has. */
    readonly onPaper: number;
    /** Entries of this record that wait as well and are not on the paper. */
    readonly besides: number;
  };
  /** Something that is marked as sensitive is left out. */
  readonly leavesOut: boolean;
}

const MOST = { pastProblems: 8, reports: 6, values: 14, earlier: 4 } as const;
/** A medicine that ended and a report that came within so many days are told. */
const LATELY_DAYS = 28;
const DAY = 86_400_000;
/** A visit that began before midnight is still why the patient is sent in. */
const SAME_VISIT = 12 * 3_600_000;

/** Whether a time belongs to what is handed over: today in England, or within the last twelve hours. */
export function isOfNow(when: string | null, now: string): boolean {
  if (when === null) return false;
  const [day, today] = [localDayOf(when), localDayOf(now)];
  if (day === null || today === null) return false;
  if (compareCivilDates(day, today) === 0) return true;
  const age = sortKeyOf(now) - sortKeyOf(when);
  return age >= 0 && age <= SAME_VISIT;
}

export function handover({ record, views, drafts, now, withSensitive }: HandoverInput): Handover {
  const { summary, standing } = record;
  const isNow = (when: string | null): boolean => isOfNow(when, now);
  const list = <Item>(items: readonly Item[], sourceOf: (item: Item) => ItemSource, most?: number) =>
    listed(items, sourceOf, withSensitive, most);
  const bySource = <Item extends { readonly source: ItemSource }>(items: readonly Item[], most?: number) =>
    list(items, ({ source }) => source, most);

  const allergies = record.allergyList.filter(
    ({ status }) => status === 'active' || status === 'unconfirmed',
  );
  const resuscitation = record.alerts.filter(({ kind }) => kind === 'resuscitation');

  const isGivenNow = (line: MedicationView): boolean => line.status === 'Given' && isNow(line.started);
  const endedLately = ({ list: where, status, ended }: MedicationView): boolean =>
    where === 'past' &&
    (status === 'Discontinued' || status === 'Completed') &&
    ended !== null &&
    sortKeyOf(now) - sortKeyOf(ended) <= LATELY_DAYS * DAY;

  const meetings = views.journal.flatMap((item) => (item.kind === 'consultation' ? [item] : []));
  const ofNow = meetings.filter(({ when, enteredInError }) => enteredInError === null && isNow(when));
  const consultations = bySource(ofNow);
  const keysOfNow = new Set<string>(ofNow.map(({ source }) => source.key));

  const observations = observationsToday(views.observations, views.timeline, isNow, withSensitive);
  const valid = views.reports.filter(({ status }) => status !== 'entered-in-error' && status !== 'cancelled');
  const reports = withMore(bySource(reportsToTell(valid, now), MOST.reports), valid.length);
  const reportsShown = reports.items.map((report) => ({
    ...report,
    results: report.results.filter(({ source }) => mayStand(source, withSensitive)),
  }));
  const inReports = new Set<string>(
    reportsShown.flatMap(({ results }) => results.map(({ source }) => source.key)),
  );
  const kindsToday = new Set(observations.items.map(({ kind }) => kind));
  const values = list(
    summary.lastValues.filter(
      ({ kind, latest }) => !kindsToday.has(kind) && !isNow(latest.when) && !inReports.has(latest.source.key),
    ),
    ({ latest }) => latest.source,
    MOST.values,
  );
  const kindsLeft = views.observations.filter(
    ({ kind, readings }) =>
      !kindsToday.has(kind) &&
      !values.items.some((value) => value.kind === kind) &&
      readings[0] !== undefined &&
      !inReports.has(readings[0].source.key),
  ).length;

  const chosen = {
    allergies,
    pastAllergies: record.allergyList.length - allergies.length,
    resuscitation,
    alerts: bySource(record.alerts.filter(({ kind }) => kind === 'other')),
    oxygenTarget: standing.spo2Scale?.scale === 2 ? standing.spo2Scale : null,
    pregnancy: pregnancyToTell(standing.pregnancy, now),
    drafts: draftsOnPaper(drafts, isNow, withSensitive),
    consultations: {
      ...consultations,
      items: consultations.items.map((one) => handoverConsultation(one, withSensitive)),
    },
    observations,
    disputedMedication: bySource(summary.disputedMedication),
    stoppedMedication: bySource(views.medication.filter(endedLately)),
    givenToday: bySource(views.medication.filter(isGivenNow)),
    medication: bySource(summary.medication.filter((line) => !isGivenNow(line))),
    problems: bySource(summary.problems),
    diagnoses: bySource(summary.recentDiagnoses),
    pastProblems: withMore(bySource(summary.lastPastProblems, MOST.pastProblems), summary.pastProblems),
    reports: { ...reports, items: reportsShown },
    values: { ...values, more: Math.max(0, kindsLeft - values.leftOut) },
    earlier: withMore(
      bySource(
        summary.consultations.filter(({ source }) => !keysOfNow.has(source.key)),
        MOST.earlier,
      ),
      meetings.filter(({ source, enteredInError }) => enteredInError === null && !keysOfNow.has(source.key))
        .length,
    ),
  };
  const told = keysOn(chosen);
  const placed = placedKeys(record, views);
  const rest = views.journal.flatMap((item) => {
    if (item.kind !== 'entry' || !isNow(item.when) || item.entry.enteredInError !== null) return [];
    const { source, resourceType } = item.entry;
    return placed.has(source.key) || NOT_FOR_OTHERS.has(resourceType) ? [] : [item.entry];
  });
  const findings = bySource(rest.filter(({ resourceType }) => resourceType === 'Observation'));
  const alsoToday = bySource(rest.filter(({ resourceType }) => resourceType !== 'Observation'));
  for (const { source } of [...findings.items, ...alsoToday.items]) told.put(source);
  const lists = [
    chosen.alerts,
    chosen.consultations,
    findings,
    alsoToday,
    observations,
    chosen.disputedMedication,
    chosen.stoppedMedication,
    chosen.givenToday,
    chosen.medication,
    chosen.problems,
    chosen.diagnoses,
    chosen.pastProblems,
    chosen.reports,
    chosen.values,
    chosen.earlier,
  ];
  return {
    ...chosen,
    findings,
    alsoToday,
    unsent: {
      onPaper: told.unsent.size,
      besides: new Set(
        record.pending
          .filter((source) => isUnsent(source) && source.guarded !== 'safeguarding')
          .map(({ key }) => key)
          .filter((key) => !told.all.has(key) && !NOT_FOR_OTHERS.has(key.split('/')[0] ?? '')),
      ).size,
    },
    leavesOut: [...lists, ...chosen.consultations.items, chosen.drafts].some(({ leftOut }) => leftOut > 0),
  };
}

/** Work within the practice, the frame of a consultation, alerts (which have their place) and the patient. */
const NOT_FOR_OTHERS: ReadonlySet<string> = new Set([
  'Appointment',
  'Communication',
  'Encounter',
  'Flag',
  'List',
  'Patient',
  'Provenance',
  'Task',
]);

/** All of the last month, then the newest of each kind: a baseline of everything before a second of one. */
function reportsToTell(reports: readonly ReportView[], now: string): readonly ReportView[] {
  const isRecent = ({ when }: ReportView): boolean =>
    when !== null && sortKeyOf(now) - sortKeyOf(when) <= LATELY_DAYS * DAY;
  return reports.filter(
    (report, index) => isRecent(report) || reports.findIndex(({ title }) => title === report.title) === index,
  );
}

/** How many there are in all is known from elsewhere. */
function withMore<Item>(list: Listed<Item>, all: number): Listed<Item> {
  return { ...list, more: Math.max(0, all - list.items.length - list.leftOut) };
}

function pregnancyToTell(recorded: RecordedPregnancy | null, now: string): Handover['pregnancy'] {
  if (recorded === null) return null;
  const holds = pregnancyOn(recorded, now) !== 'not-asked';
  // That somebody was not pregnant once says nothing today.
  return holds || recorded.answer !== 'not-pregnant' ? { ...recorded, holds } : null;
}
