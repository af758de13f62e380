import { unsentSentences } from '../../../domain/record/handover-words.ts';
import type { DraftsOnPaper } from '../../../domain/record/handover-draft.ts';
import { GivenTo, None, Part } from './paper-parts.tsx';
import { PaperHead, Whereabouts, type BannerContent, type HandoverFrom } from './paper-head.tsx';
import { PaperDrafts } from './paper-today.tsx';

/** While the record is not here: what the practice's list has, and plainly that the rest is missing. */
export function ArrivingPaper({
  state,
  content,
  drafts,
  from,
  now,
}: {
  readonly state: 'arriving' | 'unreadable';
  readonly content: BannerContent;
  readonly drafts: DraftsOnPaper;
  readonly from: HandoverFrom;
  readonly now: string;
}) {
  const { allergies } = content.banner;
  const alerts = content.alerts.filter(({ kind }) => kind !== 'safeguarding');
  const resuscitation = alerts.filter(({ kind }) => kind === 'resuscitation');
  const others = alerts.filter(({ kind }) => kind !== 'resuscitation');
  return (
    <article className="handover-paper" aria-label="Handover as printed">
      <PaperHead content={content} stamp="Record not here: practice’s list only" from={from} now={now} />
      <div className="handover-body">
        <div className="handover-pair">
          <Whereabouts content={content} contacts={null} mark={null} />
          <div className="handover-stamp">
            <p>
              <strong className="handover-loud">
                {state === 'arriving'
                  ? 'The record has not arrived on this computer.'
                  : 'The copy of the record on this computer cannot be read.'}
              </strong>
            </p>
            <p>
              <strong>
                This paper has what the practice’s list has: identity, allergies and alerts. Medication,
                problems, results and consultations are missing, which does not mean that there are none.
              </strong>
            </p>
            {drafts.items.length === 0
              ? null
              : unsentSentences({ unsent: { onPaper: 0, besides: 0 }, drafts }).map((sentence) => (
                  <p key={sentence}>
                    <strong>{sentence}</strong>
                  </p>
                ))}
          </div>
        </div>
        <div className="handover-pair">
          <Part title="Allergies and adverse reactions" strong>
            <p>
              <strong className="handover-loud">
                {allergies.emphasised ? '⚠ ' : ''}
                {allergies.heading}
              </strong>
            </p>
            <ul>
              {allergies.notes.map((words) => (
                <li key={words}>
                  <strong>{words}</strong>
                </li>
              ))}
            </ul>
          </Part>
          <div>
            <Part title="Resuscitation and treatment escalation" strong>
              {resuscitation.length === 0 ? (
                <None>No decision in the practice’s list. Ask.</None>
              ) : (
                <ul>
                  {resuscitation.map(({ text }) => (
                    <li key={text}>
                      <strong className="handover-loud">
                        {/verify the original/i.test(text) ? text : `${text}: verify the original`}
                      </strong>
                    </li>
                  ))}
                </ul>
              )}
            </Part>
            {others.length === 0 ? null : (
              <Part title="Safety alerts">
                <ul>
                  {others.map(({ text }) => (
                    <li key={text}>
                      <strong>{text}</strong>
                    </li>
                  ))}
                </ul>
              </Part>
            )}
          </div>
        </div>
        <Part title="Reason for handover: today’s consultation">
          {drafts.items.length + drafts.leftOut === 0 ? (
            <None>Nothing of today is on this computer: ask whoever hands over.</None>
          ) : null}
          <PaperDrafts drafts={drafts} author={from.name} />
        </Part>
        <GivenTo />
      </div>
    </article>
  );
}
