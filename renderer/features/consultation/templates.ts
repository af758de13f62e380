import data from './templates.json' with { type: 'json' };
import { HEADINGS, type HeadingName } from '../../../domain/record/consultation.ts';

/** A template is data: headings with prompts, and the observation set that goes with it. No field is compulsory. */
export interface ConsultationTemplate {
  readonly id: string;
  readonly title: string;
  readonly observationSet: string | null;
  readonly lines: readonly { readonly heading: HeadingName; readonly prompt: string }[];
}

/** What is not in the agreed form is left out, never guessed. */
export const TEMPLATES: readonly ConsultationTemplate[] = data.map((template) => ({
  ...template,
  lines: template.lines.flatMap(({ heading, prompt }) => {
    const known = HEADINGS.find((one) => one === heading);
    return known ? [{ heading: known, prompt }] : [];
  }),
}));
