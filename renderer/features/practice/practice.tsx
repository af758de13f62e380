import type { Basic, Questionnaire } from '@medplum/fhirtypes';
import { createContext, use, useMemo, useRef, type ReactNode } from 'react';
import { parseForView } from '../../../domain/fhir/exact-json.ts';
import {
  readPracticeSettings,
  switchedOffWords,
  type PracticeSettings,
  type SwitchTarget,
} from '../../../domain/record/practice-setting.ts';
import { readPracticeTemplate } from '../../../domain/record/practice-template.ts';
import { templateCatalogue, type TemplateCatalogue } from '../../../domain/record/template-catalogue.ts';
import type { ResourceAsShown } from '../../cache/index.ts';
import { useBagQuery } from '../bag/index.ts';
import { BUILT_IN_TEMPLATES } from './built-in-templates.ts';

/** What holds for the whole practice, as this computer knows it: pending changes of its own laid over. */
interface Practice {
  readonly settings: PracticeSettings;
  readonly catalogue: TemplateCatalogue;
  /** Templates (by id) that were changed in two places: the version of the service stands until a person decides. */
  readonly disputed: ReadonlySet<string>;
  /** A setting or template as it stands, for a change; undefined where there is none. */
  readonly shown: (key: string) => ResourceAsShown | undefined;
}

const PracticeContext = createContext<Practice | null>(null);

export function usePractice(): Practice {
  const practice = use(PracticeContext);
  if (!practice) throw new Error('no PracticeProvider above');
  return practice;
}

/** Why a check or template gives nothing, in words for where its result would stand; null while it is on. */
export function useSwitchedOff(target: SwitchTarget): string | null {
  return switchedOffWords(usePractice().settings, target);
}

/** Follows the practice's settings and templates while the bag is open. */
export function PracticeProvider({ children }: { readonly children: ReactNode }) {
  const last = useRef<readonly ResourceAsShown[]>([]);
  const { value } = useBagQuery(
    'practice',
    async (bag) => {
      const now = await bag.shared(['Basic', 'Questionnaire']);
      // The same as before is the very same: what hangs on it is not drawn again at every notice.
      if (JSON.stringify(now) !== JSON.stringify(last.current)) last.current = now;
      return last.current;
    },
    // The first of `state` is that the bag opened.
    (notice) => notice.kind === 'shared' || notice.kind === 'directory' || notice.kind === 'state',
  );
  const practice = useMemo(() => practiceOf(value ?? NONE), [value]);
  return <PracticeContext value={practice}>{children}</PracticeContext>;
}

const NONE: readonly ResourceAsShown[] = [];

function practiceOf(resources: readonly ResourceAsShown[]): Practice {
  const settings = readPracticeSettings(resources.filter(isOf('Basic')).map(parsed<Basic>));
  // Of a disputed template the service's version is what the rest of the practice works with.
  const templates = resources.filter(isOf('Questionnaire'));
  const read = templates
    .filter(({ source }) => source.disputed !== 'mine')
    .map((one) => readPracticeTemplate(parsed<Questionnaire>(one)));
  return {
    settings,
    catalogue: templateCatalogue(BUILT_IN_TEMPLATES, read, settings),
    disputed: new Set(
      templates.flatMap(({ source }) =>
        source.disputed === undefined ? [] : source.key.slice('Questionnaire/'.length),
      ),
    ),
    shown: (key) => resources.find(({ source }) => source.key === key && source.disputed !== 'theirs'),
  };
}

function isOf(type: string): (one: ResourceAsShown) => boolean {
  return ({ source }) => source.key.startsWith(`${type}/`);
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows the type by the key
function parsed<Resource>({ text }: ResourceAsShown): Resource {
  return parseForView(text) as Resource;
}
