import type { ReactNode } from 'react';
import { NEWS2_BAND_WORDS } from '../../../domain/clinical/news2-reading.ts';
import { NEWS2_PARAMETER_WORDS, type News2Result } from '../../../domain/clinical/news2.ts';
import { Notice, type Tone } from '../../ui/index.ts';

const TONES: Readonly<Record<'emergency' | 'urgent' | 'low-medium' | 'low', Tone>> = {
  emergency: 'danger',
  urgent: 'danger',
  'low-medium': 'amber',
  low: 'information',
};

/** The score as typed, with its parts and advice for the community; why there is none, where there is none. */
export function News2Panel({
  result,
  children,
}: {
  readonly result: News2Result;
  /** What the score hangs on and no box holds: the scale, pregnancy. */
  readonly children: ReactNode;
}) {
  return (
    <section className="news2" aria-label="NEWS2" aria-live="polite">
      <News2Words result={result} />
      <div className="row">{children}</div>
    </section>
  );
}

/** The score with its parts, its advice and its cautions. */
export function News2Words({ result }: { readonly result: News2Result }) {
  if (result.kind === 'not-applicable') return <Notice>{result.words}</Notice>;
  const parts = result.parts.filter((part) => part.score !== null && part.score > 0);
  const nothingYet = result.kind === 'incomplete' && result.missing.length === result.parts.length;
  if (nothingYet) return <p className="quiet">NEWS2 is worked out as you type.</p>;
  return (
    <Notice tone={result.band === null ? 'information' : TONES[result.band]}>
      <strong className="news2-total">{news2Words(result)}</strong>{' '}
      {parts.map((part) => `${NEWS2_PARAMETER_WORDS[part.parameter]} ${part.score ?? ''}`).join(', ')}
      {result.advice ? <p>{result.advice}</p> : null}
      {result.cautions.map((caution) => (
        <p key={caution}>{caution}</p>
      ))}
    </Notice>
  );
}

/** The score in one line, its band in words: `NEWS2 11 · Emergency`; `null` where nothing was scored. */
export function news2Words(result: News2Result): string | null {
  if (result.kind === 'not-applicable') return null;
  const score = `NEWS2 ${result.kind === 'complete' ? result.total : result.words}`;
  return result.band === null ? score : `${score} · ${NEWS2_BAND_WORDS[result.band]}`;
}
