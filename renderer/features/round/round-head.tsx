import type { ReactNode } from 'react';
import { displayDateTime } from '../../../domain/clinical/date-display.ts';
import type { RoundPoint, RoundVerdict } from '../../../domain/record/round-readiness.ts';
import { statusWords, timeWords } from '../sync-centre/index.ts';
import { useMay } from '../session/index.ts';
import { Notice } from '../../ui/index.ts';
import type { RoundLine } from './round-lines.ts';
import type { RoundState } from './use-round-verdict.ts';

/** Is everything here? First in words, then what is wanting and what to do, then the facts that it rests on. */
export function RoundHead({
  state,
  lines,
  now,
}: {
  readonly state: RoundState;
  readonly lines: readonly RoundLine[];
  readonly now: string;
}) {
  const { verdict } = state;
  return (
    <>
      <div className="round-verdict" data-verdict={verdict.state}>
        <Notice tone={toneOf(verdict)} role="status">
          <strong className="round-headline">{verdict.headline}</strong>
          {verdict.state === 'nobody' ? null : <Points points={verdict.wanting} />}
          <Points points={verdict.cautions} caution />
        </Notice>
      </div>
      <Facts state={state} lines={lines} now={now} />
    </>
  );
}

function toneOf({ state }: RoundVerdict): 'good' | 'amber' | 'information' {
  return state === 'ready' ? 'good' : state === 'nobody' ? 'information' : 'amber';
}

function Points({
  points,
  caution = false,
}: {
  readonly points: readonly RoundPoint[];
  readonly caution?: boolean;
}) {
  if (points.length === 0) return null;
  return (
    <ul className="round-points" data-caution={caution || undefined}>
      {points.map(({ brief, then }) => (
        <li key={brief}>
          <strong>
            {caution ? 'Note: ' : ''}
            {caution ? brief : capitalised(brief)}.
          </strong>{' '}
          {then}
        </li>
      ))}
    </ul>
  );
}

function Facts({
  state: { status, dataAsOf, lease },
  lines,
  now,
}: {
  readonly state: RoundState;
  readonly lines: readonly RoundLine[];
  readonly now: string;
}) {
  const clinical = useMay()('view-clinical');
  const here = lines.filter(({ copy }) => copy === 'whole' || copy === 'new').length;
  const checked = lines.flatMap(({ record }) => record ?? []);
  const away = checked.reduce((sum, { documents: { elsewhere, notShown } }) => sum + elsewhere + notShown, 0);
  const said = status ? statusWords({ ...status, pending: { ...status.pending, operations: 0 } }, now) : null;
  const unsent = status?.pending.operations;
  const load = status?.firstLoad;
  return (
    <dl className="round-facts">
      <Fact name="Records" fine={lines.length > 0 && here === lines.length}>
        {lines.length === 0 ? 'Nobody picked' : `${here} of ${lines.length} here`}
      </Fact>
      {clinical ? (
        <Fact name="Documents" fine={lines.length > 0 && away === 0 && checked.length === lines.length}>
          {documentFact(lines)}
        </Fact>
      ) : null}
      <Fact name="Data as of" fine={status?.inStep === true}>
        {dataAsOf === null ? 'Not known' : timeWords(dataAsOf, now)}
      </Fact>
      <Fact name="Connection" fine={status?.inStep === true}>
        {said?.words ?? 'Not known yet'}
      </Fact>
      <Fact name="Not sent" fine={unsent === 0}>
        {unsent === undefined
          ? 'Not known yet'
          : unsent === 0
            ? 'Nothing'
            : `${unsent} ${unsent === 1 ? 'change' : 'changes'}`}
      </Fact>
      <Fact name="Still arriving" fine={status !== undefined && !load}>
        {status === undefined
          ? 'Not known yet'
          : load
            ? `${load.patientsTotal - load.patientsDone} of the practice`
            : 'Nothing'}
      </Fact>
      <Fact name="Opens offline until" fine={lease.forRound === 'holds'}>
        {lease.until === null
          ? 'Not known'
          : lease.forRound === 'ended'
            ? 'Ended: sign in online'
            : displayDateTime(lease.until)}
      </Fact>
    </dl>
  );
}

/** Of the records that were opened: of the others nothing is known, and that is said. */
function documentFact(lines: readonly RoundLine[]): string {
  const opened = lines.flatMap(({ record }) => record ?? []);
  if (lines.length === 0) return 'Nobody picked';
  if (lines.some(({ copy }) => copy === 'checking')) return 'Being counted';
  const all = opened.reduce((sum, { documents: { inRecord } }) => sum + inRecord, 0);
  const away = opened.reduce((sum, { documents: { elsewhere, notShown } }) => sum + elsewhere + notShown, 0);
  const where = opened.length < lines.length ? ` in ${opened.length} of ${lines.length} records` : '';
  return `${all}${where}, ${away === 0 ? 'all readable here' : `${away} not readable here`}`;
}

/** A mark and a word, and colour only besides. */
function Fact({
  name,
  fine,
  children,
}: {
  readonly name: string;
  readonly fine: boolean;
  readonly children: ReactNode;
}) {
  return (
    <div data-fine={fine}>
      <dt>{name}</dt>
      <dd>
        <span aria-hidden="true">{fine ? '✓' : '◆'}</span> {children}
      </dd>
    </div>
  );
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
