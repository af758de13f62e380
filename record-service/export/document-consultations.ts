import type { Composition, CompositionSection, Encounter, Resource } from '@medplum/fhirtypes';
import { narrativeText } from '../../domain/record/narrative-text.ts';
import { day, entryLine, escape, nameOf, newestFirst } from './document-words.ts';
import type { HandedOn, WithdrawnEntry } from './handed-on.ts';

export interface Beside {
  readonly byReference: ReadonlyMap<string, Resource>;
  readonly handed: HandedOn;
}

export function consultations(compositions: readonly Composition[], beside: Beside): string {
  const { byReference } = beside;
  const items = newestFirst(compositions, (item) => item.date).map((composition) => {
    const encounter = byReference.get(composition.encounter?.reference ?? '') as Encounter | undefined;
    const when = encounter?.period?.start ?? composition.date;
    const who = composition.author
      .map((author) => author.display ?? nameOf(byReference.get(author.reference ?? '')))
      .join(', ');
    const body = (composition.section ?? []).map((topic) => sectionHtml(topic, beside, 4)).join('');
    return `<article><h3>${escape(`${day(when)} ${composition.title}`)}${who === '' ? '' : ` <span>${escape(who)}</span>`}</h3>${body}</article>`;
  });
  return `<section><h2>Consultations</h2>${items.length > 0 ? items.join('\n') : '<p>None recorded</p>'}</section>`;
}

function sectionHtml(part: CompositionSection, beside: Beside, level: number): string {
  const { byReference, handed } = beside;
  const title =
    part.title === undefined || isAboutLeftOut(part, handed.leftOut)
      ? ''
      : `<h${level}>${escape(part.title)}</h${level}>`;
  const text = narrativeText(part.text?.div).map((one) => `<li>${escape(one)}</li>`);
  const entries = (part.entry ?? []).flatMap(({ reference = '', display }) => {
    if (handed.leftOut.has(reference)) return [];
    const mistake = handed.mistakes.get(reference);
    if (mistake !== undefined) return [`<li>${mistakeLine(mistake)}</li>`];
    return [`<li>${entryLine(byReference.get(reference), display)}</li>`];
  });
  const lines = [...text, ...entries];
  const nested = (part.section ?? [])
    .map((inner) => sectionHtml(inner, beside, Math.min(6, level + 1)))
    .join('');
  return `${title}${lines.length > 0 ? `<ul>${lines.join('')}</ul>` : ''}${nested}`;
}

/** A topic bears the words of its problem. */
function isAboutLeftOut(
  { focus, section: inner }: CompositionSection,
  leftOut: ReadonlySet<string>,
): boolean {
  return (
    leftOut.has(focus?.reference ?? '') ||
    (inner ?? []).some(
      ({ title, entry }) =>
        /^problem/i.test(title ?? '') &&
        entry?.some(({ reference }) => leftOut.has(reference ?? '')) === true,
    )
  );
}

/** Struck through, with the reason: it is not removed, and it is not to be acted on. */
export function mistakeLine({ resource, mistake: { reason, by, when } }: WithdrawnEntry): string {
  const what =
    resource.resourceType === 'Composition'
      ? escape(`${day(resource.date)} ${resource.title}`)
      : entryLine(resource, undefined);
  const marked = [by, when === undefined ? undefined : day(when)].filter(Boolean).join(', ');
  const why = ` — Entered in error: ${reason ?? 'no reason recorded'}${marked === '' ? '' : ` (${marked})`}`;
  return `<s>${what}</s>${escape(why)}`;
}
