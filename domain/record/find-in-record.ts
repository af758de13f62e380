import type { EntryView } from './record-view.ts';

/** Entries that hold every word, anywhere in what is shown of them; accents and case do not matter. */
export function findInRecord(entries: readonly EntryView[], words: string): readonly EntryView[] {
  const sought = fold(words)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (sought.length === 0) return [];
  return entries.filter((entry) => {
    const text = fold(
      [
        entry.category,
        entry.text,
        entry.coded?.text,
        entry.coded?.code,
        entry.value,
        entry.author,
        ...entry.details.flatMap((detail) => [detail.label, detail.value]),
        ...entry.notes,
      ]
        .filter((part) => part !== null && part !== undefined)
        .join('\n'),
    );
    return sought.every((word) => text.includes(word));
  });
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
