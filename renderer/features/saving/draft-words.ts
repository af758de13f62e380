import type { Draft } from '../../../contract/channels/record.ts';
import { contentOf } from './form-content.ts';

const NAMES: Readonly<Record<string, string>> = {
  'add-allergy': 'A new allergy',
  'add-problem': 'A new problem',
  'add-medication': 'A new medicine',
  'add-task': 'A new task or note',
  addendum: 'An addendum',
  'entered-in-error': 'Marking an entry as entered in error',
  'change-allergy': 'The end of an allergy',
  'change-medication': 'The stop of a medicine',
  'change-problem': 'A change of a problem',
  'complete-task': 'Words to a task',
  'correct-observation': 'The correction of a value',
  'change-demographics': 'A change of demographics',
  register: 'A registration',
};

export function formWords({ kind }: { readonly kind: string }): string {
  return NAMES[kind] ?? 'A form';
}

/** What an unfinished piece of work is, whatever it holds. */
export function draftWords({ kind, content }: Draft): string {
  if (kind === 'consultation') return 'Consultation';
  if (kind === 'observations') return 'Set of observations';
  const form = contentOf(content)?.form;
  if (form) return formWords(form);
  return kind === 'other' ? 'A template of the practice' : 'A form';
}
