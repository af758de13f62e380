import type { TemplateFault } from '../../../domain/clinical/template.ts';

/** Parts of a path as the editor's boxes are called. */
const BOXES: Readonly<Record<string, string>> = {
  label: 'what is asked',
  prompt: 'hint',
  suggestion: 'suggestion',
  alert: 'what is shown at once',
  code: 'SNOMED CT code',
  keys: 'observations',
  from: 'from',
  to: 'to',
};

/** A fault as a person looks for it: "Section 2, item 3, what is asked: Must be filled." */
export function faultWords({ path, words }: TemplateFault): string {
  if (path === 'label') return `Name: ${words}`;
  const numbered = ['Section', 'item', 'choice'];
  const place = path
    .split('.')
    .filter((part) => !['sections', 'items', 'choices'].includes(part))
    .map((part) =>
      /^\d+$/.test(part) ? `${numbered.shift() ?? 'part'} ${Number(part) + 1}` : (BOXES[part] ?? part),
    )
    .join(', ');
  return place === '' ? words : `${place.charAt(0).toUpperCase()}${place.slice(1)}: ${words}`;
}
