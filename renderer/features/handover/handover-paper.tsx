import { missingWords } from '../../../domain/record/completeness-words.ts';
import type { Handover } from '../../../domain/record/handover.ts';
import { unsentMark } from '../../../domain/record/handover-list.ts';
import { stampWords, unsentSentences, wholenessWords } from '../../../domain/record/handover-words.ts';
import type { RecordView } from '../../../domain/record/record-view.ts';
import {
  PaperEarlier,
  PaperMedication,
  PaperProblems,
  PaperReports,
  PaperValues,
} from './paper-background.tsx';
import { GivenTo } from './paper-parts.tsx';
import { PaperHead, Whereabouts, type BannerContent, type HandoverFrom } from './paper-head.tsx';
import { PaperObservations, PaperToday } from './paper-today.tsx';
import { PaperAlerts, PaperAllergies, PaperResuscitation } from './paper-warnings.tsx';

/** The whole paper, in the order in which a crew or an admitting doctor reads. */
export function HandoverPaper({
  record,
  made,
  content,
  from,
  now,
  withSensitive,
}: {
  readonly record: RecordView;
  readonly made: Handover;
  readonly content: BannerContent;
  readonly from: HandoverFrom;
  readonly now: string;
  readonly withSensitive: boolean;
}) {
  const { completeness } = record;
  const missing = missingWords(completeness);
  const stamp = stampWords(completeness.dataAsOf);
  return (
    <article className="handover-paper" aria-label="Handover as printed">
      <PaperHead content={content} stamp={stamp} from={from} now={now} />
      <div className="handover-body">
        <div className="handover-pair">
          <Whereabouts
            content={content}
            contacts={record.patient.contact ?? []}
            mark={unsentMark(record.patientSource)}
          />
          <div className="handover-stamp">
            {unsentSentences(made).map((sentence) => (
              <p key={sentence}>
                <strong>{sentence}</strong>
              </p>
            ))}
            <p>{wholenessWords(completeness)}</p>
            {made.leavesOut ? <p>Entries marked as sensitive are left out of this paper.</p> : null}
            {withSensitive ? (
              <p>
                <strong>Entries marked as sensitive are on this paper.</strong>
              </p>
            ) : null}
          </div>
        </div>
        <div className="handover-pair">
          <PaperAllergies summary={content.banner.allergies} made={made} missing={missing} />
          <div>
            <PaperResuscitation decisions={made.resuscitation} />
            <PaperAlerts made={made} />
          </div>
        </div>
        <PaperToday made={made} author={from.name} />
        <PaperObservations made={made} />
        <PaperMedication made={made} asOf={completeness.dataAsOf} missing={missing} />
        <div className="handover-pair">
          <PaperProblems made={made} missing={missing} />
          <PaperValues made={made} />
        </div>
        <PaperReports made={made} />
        <PaperEarlier made={made} />
        <GivenTo />
      </div>
    </article>
  );
}
