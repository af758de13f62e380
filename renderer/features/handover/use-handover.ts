import type { Patient } from '@medplum/fhirtypes';
import { handover, type Handover } from '../../../domain/record/handover.ts';
import { draftsOnPaper, type DraftsOnPaper } from '../../../domain/record/handover-draft.ts';
import { isOfNow } from '../../../domain/record/handover.ts';
import type { StandingFacts } from '../../../domain/record/standing-facts.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import { bannerOfEntry, bannerOfRecord } from '../patient-banner/index.ts';
import { draftsInWords } from '../consultation/index.ts';
import { usePractice, useSwitchedOff } from '../practice/index.ts';
import { useRecord, useRecordView } from '../record/index.ts';
import { useSignedInUser } from '../session/index.ts';
import { useOwnDrafts } from './use-own-drafts.ts';

type BannerContent = ReturnType<typeof bannerOfRecord>;

/** What the paper is made of: the whole record, or, while that is not here, what the practice's list has. */
export type HandoverContent = {
  /** False where one's own drafts could not be read: what is being written may then be missing. */
  readonly draftsKnown: boolean;
  readonly content: BannerContent;
} & (
  | { readonly state: 'ready'; readonly record: RecordView; readonly made: Handover }
  | {
      readonly state: 'arriving' | 'unreadable';
      readonly drafts: DraftsOnPaper;
      readonly dataAsOf: string | null;
    }
);

export type HandoverAnswer =
  HandoverContent | { readonly state: 'loading' } | { readonly state: 'none'; readonly words: string };

const NOTHING_KNOWN: StandingFacts = { pregnancy: null, spo2Scale: null, sex: 'not-recorded' };

/** Always of the record as it is now, whatever day the screen shows it of. */
export function useHandover(patientId: string, now: string, withSensitive: boolean): HandoverAnswer {
  const { value: opened, error } = useRecord(patientId, null);
  const views = {
    journal: useRecordView(patientId, 'journal', null),
    medication: useRecordView(patientId, 'medication', null),
    observations: useRecordView(patientId, 'observations', null),
    reports: useRecordView(patientId, 'reports', null),
    timeline: useRecordView(patientId, 'timeline', null),
    series: useRecordView(patientId, 'series', null),
  };
  const own = useOwnDrafts();
  const user = useSignedInUser();
  const { settings } = usePractice();
  const news2IsOn = useSwitchedOff('rule:news2') === null;
  const bmiIsOn = useSwitchedOff('rule:bmi') === null;

  const failed = error ?? Object.values(views).find((view) => view.error !== null)?.error;
  if (failed) return { state: 'none', words: failed };
  if (!opened || own === undefined) return { state: 'loading' };
  if (opened.state === 'unknown' || (opened.state !== 'ready' && opened.entry === null))
    return {
      state: 'none',
      words: 'This patient is not on this computer, so there is nothing to hand over.',
    };

  const wordsOf = (
    birthDate: Patient['birthDate'],
    standing: StandingFacts,
    series: Parameters<typeof draftsInWords>[1]['series'],
  ) =>
    draftsInWords(own ?? [], {
      patientId,
      birthDate,
      standing,
      series,
      user,
      news2IsOn,
      bmiIsOn,
      settings,
      today: now,
    });
  const draftsKnown = own !== null;
  if (opened.state !== 'ready') {
    const { entry } = opened;
    if (entry === null) return { state: 'loading' };
    const drafts = draftsOnPaper(
      wordsOf(entry.birthDate, NOTHING_KNOWN, []),
      (when) => isOfNow(when, now),
      withSensitive,
    );
    return { state: opened.state, content: bannerOfEntry(entry, now), drafts, dataAsOf: null, draftsKnown };
  }
  const { record } = opened;
  const { journal, medication, observations, reports, timeline, series } = views;
  if (!journal.value || !medication.value || !observations.value || !reports.value || !timeline.value)
    return { state: 'loading' };
  return {
    state: 'ready',
    record,
    content: bannerOfRecord(record, now),
    draftsKnown,
    made: handover({
      record,
      views: {
        journal: journal.value,
        medication: medication.value,
        observations: observations.value,
        reports: reports.value,
        timeline: timeline.value,
      },
      drafts: wordsOf(record.patient.birthDate, record.standing, series.value ?? []),
      now,
      withSensitive,
    }),
  };
}
