import { useState } from 'react';
import {
  putBack,
  templateOf,
  type EditedTemplate,
  type Removed,
} from '../../../domain/clinical/template-editing.ts';
import {
  readTemplate,
  type TemplateResult,
  type ConsultationTemplate,
} from '../../../domain/clinical/template.ts';
import { newId, useDraft } from '../saving/index.ts';

/** What is being edited; the whole of it is the draft of its author. */
export interface TemplateWork {
  readonly kind: 'template';
  readonly draftId: string;
  readonly startedAt: string;
  /** Logical id of the Questionnaire. */
  readonly id: string;
  /** Whether the practice has it already: then saving makes its next version. */
  readonly exists: boolean;
  readonly withdrawn: boolean;
  readonly copiedFrom: string | null;
  /** The version that saving gives it. */
  readonly version: string;
  readonly edited: EditedTemplate;
}

/** A draft's content, where it is a template's; `null` for any other, and for one that cannot be read. */
export function templateWorkOf(content: string): TemplateWork | null {
  try {
    const value = JSON.parse(content) as { readonly kind?: unknown } | null;
    return value?.kind === 'template' ? (value as TemplateWork) : null;
  } catch {
    return null;
  }
}

/** The template in the editor, what was taken out of it, and what is not in the agreed form. */
export function useEditing(work: TemplateWork) {
  const [edited, setEdited] = useState(work.edited);
  const [removed, setRemoved] = useState<readonly Removed[]>([]);
  const draft = useDraft({ draftId: work.draftId, kind: 'other', startedAt: work.startedAt });
  const put = (next: EditedTemplate) => {
    setEdited(next);
    draft.put({ ...work, edited: next } satisfies TemplateWork);
  };
  const read: TemplateResult<ConsultationTemplate> = readTemplate(templateOf(edited, work.id, work.version));
  return {
    edited,
    draft,
    put,
    read,
    lastRemoved: removed.at(-1),
    take: (next: EditedTemplate, what: Removed | null) => {
      if (what) setRemoved([...removed, what]);
      put(next);
    },
    undo: () => {
      const last = removed.at(-1);
      if (!last) return;
      setRemoved(removed.slice(0, -1));
      put(putBack(edited, last));
    },
  };
}

export function newWork(
  edited: EditedTemplate,
  startedAt: string,
  of: Partial<Pick<TemplateWork, 'id' | 'exists' | 'withdrawn' | 'copiedFrom' | 'version'>> = {},
): TemplateWork {
  return {
    kind: 'template',
    draftId: newId(),
    startedAt,
    id: newId(),
    exists: false,
    withdrawn: false,
    copiedFrom: null,
    version: '1',
    edited,
    ...of,
  };
}
