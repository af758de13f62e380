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
import type { ProblemView } from './record-view.ts';

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
