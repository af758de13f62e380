import type { Draft } from '../../../contract/channels/record.ts';

/** Which form it is, and which entry it is about: what opens it again. */
export interface FormName {
  readonly kind: string;
  readonly key?: string;
}

/** A form that was begun and not saved. */
export interface UnfinishedForm {
  readonly draft: Draft;
  readonly form: FormName;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A draft's content, where it is a form's. */
export function contentOf(content: string): Omit<UnfinishedForm, 'draft'> | null {
  try {
    const read = JSON.parse(content) as Partial<Omit<UnfinishedForm, 'draft'>> | null;
    return typeof read?.form?.kind === 'string' && typeof read.values === 'object'
      ? { form: read.form, values: read.values }
      : null;
  } catch {
    return null;
  }
}
