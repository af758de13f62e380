import type { Composition, Extension } from '@medplum/fhirtypes';
import { extensionsOf, EXTENSION } from './record-extensions.ts';

/** A template as it was when it was taken into a consultation. */
export interface TemplateUsed {
  readonly key: string;
  readonly label: string;
  readonly version: string;
}

export function templateUsedExtension({ key, label, version }: TemplateUsed): Extension {
  return {
    url: EXTENSION.templateUsed,
    extension: [
      { url: 'key', valueString: key },
      { url: 'name', valueString: label },
      { url: 'version', valueString: version },
    ],
  };
}

/** The templates by which a consultation was written, with their versions then. */
export function templatesUsed(composition: Pick<Composition, 'extension'>): readonly TemplateUsed[] {
  return extensionsOf(composition, EXTENSION.templateUsed).map(({ extension }) => {
    const part = (url: string): string => extension?.find((one) => one.url === url)?.valueString ?? '';
    return { key: part('key'), label: part('name'), version: part('version') };
  });
}
