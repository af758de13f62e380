import type { ConsultationTemplate } from '../../../domain/clinical/template.ts';
import type { CatalogueEntry } from '../../../domain/record/template-catalogue.ts';
import type { TemplateUsed } from '../../../domain/record/template-used.ts';
import { usePractice } from '../practice/index.ts';
import { Notice } from '../../ui/index.ts';

/** The practice's own templates and those that ship; what is switched off or left out stands there and says why. */
export function TemplatePicker({ onTake }: { readonly onTake: (template: ConsultationTemplate) => void }) {
  const { entries, leftOut } = usePractice().catalogue;
  const offered = entries.filter(({ state }) => state === 'offered');
  const own = offered.filter((entry) => entry.own !== null);
  const shipped = offered.filter((entry) => entry.own === null);
  return (
    <select
      className="box"
      aria-label="Template"
      value=""
      onChange={(event) => {
        const taken = offered.find(
          ({ template, off }) => template.key === event.target.value && off === null,
        );
        if (taken) onTake(taken.template);
      }}
    >
      <option value="">Template</option>
      {own.length + leftOut.length > 0 ? (
        <optgroup label="This practice">
          {own.map(optionOf)}
          {leftOut.map(({ id, name }) => (
            <option key={id} disabled>
              {name}: left out, not in the agreed form
            </option>
          ))}
        </optgroup>
      ) : null}
      {own.length + leftOut.length > 0 ? (
        <optgroup label="Built in">{shipped.map(optionOf)}</optgroup>
      ) : (
        shipped.map(optionOf)
      )}
    </select>
  );
}

function optionOf({ template, off }: CatalogueEntry) {
  return (
    <option key={template.key} value={template.key} disabled={off !== null}>
      {template.label}
      {off === null ? '' : `. ${off}`}
    </option>
  );
}

/** A template that was switched off after it was taken: the words in the note stay, and the author knows. */
export function UsedTemplates({ used }: { readonly used: readonly TemplateUsed[] }) {
  const { entries } = usePractice().catalogue;
  const off = used.flatMap(({ key, label }) => {
    const words = entries.find(({ template }) => template.key === key)?.off ?? null;
    return words === null ? [] : [{ key, label, words }];
  });
  return off.map(({ key, label, words }) => (
    <Notice key={key} tone="danger" role="alert">
      <strong>{label}</strong> stands in this note. {words}. Check what it asked or advised before you sign.
    </Notice>
  ));
}
