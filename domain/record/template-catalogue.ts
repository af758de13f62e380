import type { ConsultationTemplate, TemplateFault } from '../clinical/template.ts';
import { switchedOffWords, type PracticeSettings } from './practice-setting.ts';
import type { PracticeTemplate, ReadPracticeTemplate } from './practice-template.ts';

export interface CatalogueEntry {
  readonly template: ConsultationTemplate;
  /** Null: it ships with the program. */
  readonly own: PracticeTemplate | null;
  readonly state: 'offered' | 'hidden' | 'withdrawn';
  /** Why it is switched off, in words for the screen. */
  readonly off: string | null;
}

export interface TemplateCatalogue {
  readonly entries: readonly CatalogueEntry[];
  /** Templates that are not in the agreed form, by name: they are not offered, and the screen says so. */
  readonly leftOut: readonly {
    readonly id: string | null;
    readonly name: string;
    readonly faults: readonly TemplateFault[];
  }[];
}

/** Built-in templates and the practice's own, in the order in which they are offered. */
export function templateCatalogue(
  builtIn: readonly ConsultationTemplate[],
  read: readonly ReadPracticeTemplate[],
  settings: PracticeSettings,
): TemplateCatalogue {
  const hidden = new Set(settings.hidden.map(({ key }) => key));
  const off = (key: string) => switchedOffWords(settings, `template:${key}`);
  const own = read
    .flatMap((one) => (one.ok ? [one.value] : []))
    .sort((left, right) => compare(left.template.label, right.template.label));
  return {
    entries: [
      ...own.map((one): CatalogueEntry => ({
        template: one.template,
        own: one,
        state: one.withdrawn ? 'withdrawn' : 'offered',
        off: off(one.id),
      })),
      ...builtIn.map((template): CatalogueEntry => ({
        template,
        own: null,
        state: hidden.has(template.key) ? 'hidden' : 'offered',
        off: off(template.key),
      })),
    ],
    leftOut: read.flatMap((one) => (one.ok || one.value.withdrawn ? [] : [one.value])),
  };
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
