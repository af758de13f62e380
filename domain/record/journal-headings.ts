/** Sections of a Composition as topics, headings and lines, in the order in which they were entered. */
import type { CompositionSection } from '@medplum/fhirtypes';
import { conceptText } from '../fhir/codeable-concept.ts';
import { narrativeText } from './narrative-text.ts';
import type { ShownResource } from './overlay.ts';
import { keyOf, type RecordContents } from './record-contents.ts';
import { extensionOf, EXTENSION } from './record-extensions.ts';
import type { EntryView, JournalHeading, JournalLine, JournalTopic } from './record-view.ts';

/** GP Connect's codes of nested lists, which our own sections carry as well. */
export const TOPIC_CODE = '25851000000105';
export const HEADING_CODE = '24781000000107';

/** The topics of a composition; headings without a topic stand in one without a title, in their place. */
export function topicsOf(
  sections: readonly CompositionSection[],
  contents: RecordContents,
  view: (item: ShownResource) => EntryView,
): readonly JournalTopic[] {
  const topics: JournalTopic[] = [];
  let unnamed: JournalHeading[] = [];
  const closeUnnamed = (): void => {
    if (unnamed.length > 0) topics.push({ title: '', problem: null, guarded: false, headings: unnamed });
    unnamed = [];
  };
  for (const section of sections) {
    if (section.code?.coding?.some((coding) => coding.code === TOPIC_CODE) !== true) {
      unnamed.push(...headingsOf(section, contents, view));
      continue;
    }
    closeUnnamed();
    const own = { ...section, title: '' };
    delete own.section;
    const headings = [
      ...((own.text ?? own.entry) ? headingsOf(own, contents, view) : []),
      ...(section.section ?? []).flatMap((inner) => headingsOf(inner, contents, view)),
    ];
    const problem = keyOf(section.focus?.reference) ?? problemAmong(headings);
    topics.push({
      title: section.title ?? '',
      problem,
      guarded:
        problem !== null && contents.versionsOf(problem).some(({ source }) => source.guarded !== undefined),
      headings,
    });
  }
  closeUnnamed();
  return topics;
}

/** The problem that a topic is about, where it stands under the heading Problem. */
function problemAmong(headings: readonly JournalHeading[]): JournalTopic['problem'] {
  const heading = headings.find((one) => /^problem/i.test(one.title));
  return heading?.entries.find((entry) => entry.resourceType === 'Condition')?.source.key ?? null;
}

/**
 * One heading, and those within it, in their order; a heading within a heading names both. Parts without a heading of
 * their own only keep the order of text and entries: they are lines of the heading that they stand in.
 */
export function headingsOf(
  section: CompositionSection,
  contents: RecordContents,
  view: (item: ShownResource) => EntryView,
): readonly JournalHeading[] {
  const title = isUnnamed(section) ? '' : (section.title ?? conceptText(section.code) ?? '');
  const lines = [...linesOf(section, contents, view)];
  const inner: JournalHeading[] = [];
  for (const one of section.section ?? []) {
    if (isUnnamed(one)) {
      const parts = headingsOf(one, contents, view);
      for (const part of parts) {
        if (inner.length === 0) lines.push(...part.lines);
        else inner.push({ ...part, title });
      }
      continue;
    }
    for (const heading of headingsOf(one, contents, view)) {
      inner.push({
        ...heading,
        title: [title, heading.title].filter((part) => part !== '').join(': '),
      });
    }
  }
  return lines.length > 0 || inner.length === 0 ? [headingWith(title, lines), ...inner] : inner;
}

function isUnnamed(section: CompositionSection): boolean {
  return extensionOf(section, EXTENSION.entriesWithoutHeading)?.valueBoolean === true;
}

function linesOf(
  section: CompositionSection,
  contents: RecordContents,
  view: (item: ShownResource) => EntryView,
): readonly JournalLine[] {
  return [
    ...narrativeText(section.text?.div).map((text): JournalLine => ({ kind: 'text', text })),
    ...(section.entry ?? []).flatMap((reference): readonly JournalLine[] => {
      const key = keyOf(reference.reference);
      const versions = key === null ? [] : contents.versionsOf(key);
      if (versions.length === 0) {
        const words = `An entry that is not in this copy: ${reference.display ?? 'no words given'}`;
        return [{ kind: 'text', text: words }];
      }
      return versions.map((version): JournalLine => ({ kind: 'entry', entry: view(version) }));
    }),
  ];
}

export function headingWith(title: string, lines: readonly JournalLine[]): JournalHeading {
  return {
    title,
    lines,
    text: lines.flatMap((line) => (line.kind === 'text' ? [line.text] : [])),
    entries: lines.flatMap((line) => (line.kind === 'entry' ? [line.entry] : [])),
  };
}
