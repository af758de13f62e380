import { templateAgeWarning, type ConsultationTemplate } from '../../../domain/clinical/template.ts';
import type { CatalogueEntry } from '../../../domain/record/template-catalogue.ts';
import type { TemplateUsed } from '../../../domain/record/template-used.ts';
import { usePractice } from '../practice/index.ts';
import { OBSERVATION_SETS, setOf, type BoxSet } from '../observations/index.ts';
import { Button, Notice } from '../../ui/index.ts';
import { useCommand } from '../../ui/commands/index.ts';
import { ChoiceBox, type Choice } from './choice-box.tsx';
import type { Taken } from './note.ts';

/** The practice's own templates and those that ship; what is switched off or left out stands there and says why. */
export function TemplatePicker({ onTake }: { readonly onTake: (template: ConsultationTemplate) => void }) {
  const { entries, leftOut } = usePractice().catalogue;
  const offered = entries.filter(({ state }) => state === 'offered');
  const own = offered.filter((entry) => entry.own !== null);
  const shipped = offered.filter((entry) => entry.own === null);
  const hasOwn = own.length + leftOut.length > 0;
  const choices: readonly Choice[] = [
    ...own.map((entry) => choiceOf(entry, 'This practice')),
    ...leftOut.map(({ id, name }) => ({
      id: id ?? name,
      label: name,
      group: 'This practice',
      off: 'Left out, not in the agreed form',
    })),
    ...shipped.map((entry) => choiceOf(entry, hasOwn ? 'Built in' : undefined)),
  ];
  return (
    <ChoiceBox
      label="Template"
      placeholder="Template"
      choices={choices}
      onTake={(id) => {
        const taken = offered.find(({ template }) => template.key === id);
        if (taken) onTake(taken.template);
      }}
    />
  );
}

function choiceOf({ template, off }: CatalogueEntry, group: string | undefined): Choice {
  return { id: template.key, label: template.label, group, off: off ?? undefined };
}

const NO_SET = 'none';

/** The sets of observations; what was typed stays, whichever is taken. */
export function SetPicker({ onTake }: { readonly onTake: (set: BoxSet | null) => void }) {
  return (
    <ChoiceBox
      label="Observations in this consultation"
      placeholder="Observations"
      choices={[
        ...OBSERVATION_SETS.map(({ id, title }) => ({ id, label: title })),
        { id: NO_SET, label: 'No observations' },
      ]}
      onTake={(id) => {
        onTake(id === NO_SET ? null : setOf(id));
      }}
    />
  );
}

/** What was taken last, and the way back: words and values that were typed since stay. */
export function TakenLast({
  taken,
  onBack,
}: {
  readonly taken: readonly Taken[];
  readonly onBack: () => void;
}) {
  const last = taken.at(-1);
  useCommand({
    id: 'consultation.take-back',
    title: 'Take the last template or set of observations out again',
    keys: 'Alt+Delete',
    group: 'Consultation',
    enabled: last !== undefined,
    run: onBack,
  });
  if (!last) return null;
  return (
    <p className="row" role="status">
      <span className="quiet">
        <strong>{last.label}</strong> was added.
      </span>
      <Button keys="Alt+Delete" title="What you typed stays" onClick={onBack}>
        Take it out
      </Button>
    </p>
  );
}

/**
 * What speaks against a template that stands in the note: it was switched off after it was taken, or it is made for
 * another age. The words in the note stay, and the author knows.
 */
export function UsedTemplates({
  used,
  ageYears,
}: {
  readonly used: readonly TemplateUsed[];
  /** Null where it is not known: then nothing is said of ages. */
  readonly ageYears: number | null;
}) {
  const { entries } = usePractice().catalogue;
  const otherAge = used.flatMap(({ key }) => {
    const template = entries.find((entry) => entry.template.key === key)?.template;
    const words = template && templateAgeWarning(template, ageYears);
    return words ? [{ key, words }] : [];
  });
  const off = used.flatMap(({ key, label }) => {
    const words = entries.find(({ template }) => template.key === key)?.off ?? null;
    return words === null ? [] : [{ key, label, words }];
  });
  return (
    <>
      {otherAge.map(({ key, words }) => (
        <Notice key={key} tone="amber" role="alert">
          {words} The patient is {ageYears}.
        </Notice>
      ))}
      {off.map(({ key, label, words }) => (
        <Notice key={key} tone="danger" role="alert">
          <strong>{label}</strong> stands in this note. {words}. Check what it asked or advised before you
          sign.
        </Notice>
      ))}
    </>
  );
}
