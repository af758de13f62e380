/** Which entries of the record a handover tells of, and which of them others do not have yet. */
import type { Handover, HandoverInput } from './handover.ts';
import { isUnsent, lineSource } from './handover-list.ts';
import type { ItemSource, RecordView } from './record-view.ts';

/** What a list of the paper shows or leaves out: it does not stand a second time among what else was recorded. */
export function placedKeys(record: RecordView, views: HandoverInput['views']): ReadonlySet<string> {
  const { summary, allergyList, alerts } = record;
  return new Set<string>(
    [
      ...[...allergyList, ...alerts].map(({ source }) => source),
      ...[...summary.problems, ...summary.lastPastProblems, ...summary.recentDiagnoses].map(
        ({ source }) => source,
      ),
      ...views.medication.flatMap(({ parts }) => parts),
      ...views.observations.flatMap(({ readings }) => readings.map(({ source }) => source)),
      ...views.reports.flatMap(({ source, results }) => [source, ...results.map((one) => one.source)]),
    ].map(({ key }) => key),
  );
}

type Chosen = Omit<Handover, 'findings' | 'alsoToday' | 'unsent' | 'leavesOut'>;

/** Every key that the paper tells of, and those whose line bears the mark that it was not sent. */
export function keysOn(chosen: Chosen) {
  const all = new Set<string>();
  const unsent = new Set<string>();
  const put = (source: ItemSource): void => {
    all.add(source.key);
    if (isUnsent(source)) unsent.add(source.key);
  };
  for (const { source } of [
    ...chosen.allergies,
    ...chosen.resuscitation,
    ...chosen.alerts.items,
    ...chosen.problems.items,
    ...chosen.diagnoses.items,
    ...chosen.pastProblems.items,
    ...chosen.earlier.items,
  ])
    put(source);
  for (const line of [
    ...chosen.disputedMedication.items,
    ...chosen.stoppedMedication.items,
    ...chosen.givenToday.items,
    ...chosen.medication.items,
  ]) {
    for (const { key } of line.parts) all.add(key);
    put(lineSource(line));
  }
  for (const { readings, before } of chosen.observations.items) {
    for (const { source } of readings) put(source);
    if (before !== null) put(before.source);
  }
  for (const { latest } of chosen.values.items) put(latest.source);
  for (const { source, results } of chosen.reports.items)
    for (const one of [source, ...results.map((result) => result.source)]) put(one);
  for (const { source, sources } of chosen.consultations.items) {
    put(source);
    for (const one of sources) {
      // The mark of the whole stands for its lines.
      if (isUnsent(source)) all.add(one.key);
      else put(one);
    }
  }
  return { all, unsent, put };
}
