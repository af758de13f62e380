import type { TemplateFault } from '../../../domain/clinical/template.ts';

/** A fault as a person looks for it: "Section 2, item 3, label: Must be filled." */
export function faultWords({ path, words }: TemplateFault): string {
  const place = path
    .split('.')
    .filter((part) => part !== 'sections' && part !== 'items' && part !== 'choices')
    .map((part, at, parts) => {
      if (!/^\d+$/.test(part)) return part === 'heading' ? 'heading' : part;
      const depth = parts.slice(0, at).filter((one) => /^\d+$/.test(one)).length;
      return `${['Section', 'item', 'choice'][depth] ?? 'part'} ${Number(part) + 1}`;
    })
    .join(', ');
  return place === '' ? words : `${place.charAt(0).toUpperCase()}${place.slice(1)}: ${words}`;
}
