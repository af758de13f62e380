import type { Condition } from '@medplum/fhirtypes';
import { compareCivilDates, parseCivilDate } from '../fhir/civil-date.ts';
import { localDayOf } from '../fhir/local-time.ts';
import { sortKeyOf } from '../fhir/partial-date.ts';
import { codedText } from './coded-text.ts';
import { enteredInErrorOf, noteTexts, originOf } from './entry-view.ts';
import { isProblem } from './entry-words.ts';
import { nameOfReference } from './people-words.ts';
import { keyOf, type RecordContents, type Shown } from './record-contents.ts';
import { extensionOf, EXTENSION, extensionsOf } from './record-extensions.ts';
import type { CodedText, ProblemView, RecentDiagnosis } from './record-view.ts';

const PAST: ReadonlySet<string> = new Set(['inactive', 'remission', 'resolved']);

/** Problems: active first, significant before minor, then the newest. Disputed ones stand in both versions. */
/** @param today FHIR date: an end that lies ahead ends nothing yet */
export function problemList(contents: RecordContents, today: string): readonly ProblemView[] {
  return contents
    .ofType('Condition')
    .filter((item) => isProblem(item.resource.category))
    .map((item) => problemView(item, contents, today))
    .sort(
      (left, right) =>
        rank(left) - rank(right) ||
        sortKeyOf(right.onset ?? right.recorded ?? undefined) -
          sortKeyOf(left.onset ?? left.recorded ?? undefined) ||
        (left.source.key < right.source.key ? -1 : 1),
    );
}

const RECENT_DAYS = 365;

/**
 * Conditions of the last year that nobody put on the problem list, newest first, each once: a diagnosis that was coded in
 * a consultation is otherwise seen only in the journal. Past ones and those that are an active problem are left out.
 */
export function recentDiagnoses(contents: RecordContents, today: string): readonly RecentDiagnosis[] {
  const since = sortKeyOf(today) - RECENT_DAYS * 86_400_000;
  const named = new Set<string>();
  for (const problem of problemList(contents, today))
    if (problem.status !== 'past' && problem.enteredInError === null)
      for (const name of namesOf(problem.coded)) named.add(name);
  return contents
    .ofType('Condition')
    .filter((item) => !isProblem(item.resource.category))
    .map((item) => ({ item, view: problemView(item, contents, today) }))
    .map(({ item, view }) => ({ item, view, when: view.onset ?? view.recorded }))
    .filter(
      ({ item, view, when }) =>
        view.status !== 'past' &&
        view.enteredInError === null &&
        certaintyOf(item.resource) !== 'refuted' &&
        sortKeyOf(when ?? undefined) >= since,
    )
    .sort((left, right) => sortKeyOf(right.when ?? undefined) - sortKeyOf(left.when ?? undefined))
    .flatMap(({ item, view, when }): readonly RecentDiagnosis[] => {
      const names = namesOf(view.coded);
      if (names.some((name) => named.has(name))) return [];
      for (const name of names) named.add(name);
      return [
        {
          source: view.source,
          coded: view.coded,
          isSuspected: SUSPECTED.has(certaintyOf(item.resource) ?? ''),
          when,
          degraded: view.degraded,
          origin: view.origin,
        },
      ];
    });
}

const SUSPECTED: ReadonlySet<string> = new Set(['provisional', 'differential', 'unconfirmed']);

function certaintyOf({ verificationStatus }: Condition): string | undefined {
  return verificationStatus?.coding?.[0]?.code;
}

/** A code that was lost names nothing: its words do. */
function namesOf({ code, degraded, text }: CodedText): readonly string[] {
  return [...(code === null || degraded ? [] : [code]), text.toLowerCase()];
}

function rank(problem: ProblemView): number {
  if (problem.enteredInError) return 9;
  const past = problem.status === 'past' ? 4 : 0;
  return past + (problem.significance === 'minor' ? 2 : problem.significance === 'significant' ? 0 : 1);
}

function problemView(item: Shown<Condition>, contents: RecordContents, today: string): ProblemView {
  const condition = item.resource;
  const status = condition.clinicalStatus?.coding?.[0]?.code;
  const coded = codedText(condition.code);
  const ended =
    condition.abatementDateTime ?? condition.abatementPeriod?.end ?? condition.abatementString ?? null;
  const significance = extensionOf(condition, EXTENSION.problemSignificance)?.valueCode;
  return {
    source: item.source,
    coded,
    // A missing status counts as active: the safe reading.
    status: status === undefined ? 'unknown' : PAST.has(status) && !isAhead(ended, today) ? 'past' : 'active',
    significance:
      significance === 'major' || significance === 'significant'
        ? 'significant'
        : significance === 'minor'
          ? 'minor'
          : 'not-recorded',
    onset: condition.onsetDateTime ?? condition.onsetPeriod?.start ?? condition.onsetString ?? null,
    ended,
    endsAhead: isAhead(ended, today),
    recorded: condition.recordedDate ?? null,
    author: nameOfReference(condition.recorder ?? condition.asserter, contents, condition),
    notes: noteTexts(condition.note),
    linked: extensionsOf(condition, EXTENSION.relatedClinicalContent).flatMap(
      (extension) => keyOf(extension.valueReference?.reference) ?? [],
    ),
    degraded: coded.degraded,
    origin: originOf(condition),
    enteredInError: enteredInErrorOf(condition),
  };
}

function isAhead(ended: string | null, today: string): boolean {
  const end = ended === null ? null : localDayOf(ended);
  const now = parseCivilDate(today.slice(0, 10));
  return end !== null && now !== null && compareCivilDates(end, now) > 0;
}
