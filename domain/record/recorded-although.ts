/** A medicine recorded against a known allergy or a serious interaction: what was said, and why it was recorded. */
import type { Extension } from '@medplum/fhirtypes';
import { EXTENSION, extensionOf } from './record-extensions.ts';

export interface RecordedAlthough {
  /** The warnings in the words that the author saw. */
  readonly warnings: readonly string[];
  readonly reason: string;
}

export function althoughExtension(although: RecordedAlthough | undefined): Extension[] {
  if (although === undefined) return [];
  return [
    {
      url: EXTENSION.recordedAlthough,
      extension: [
        ...although.warnings.map((valueString) => ({ url: 'warning', valueString })),
        { url: 'reason', valueString: although.reason },
      ],
    },
  ];
}

export function recordedAlthough(
  resource: { readonly extension?: readonly Extension[] } | undefined,
): RecordedAlthough | null {
  const parts = extensionOf(resource, EXTENSION.recordedAlthough)?.extension;
  if (!parts) return null;
  return {
    warnings: parts.flatMap(({ url, valueString }) =>
      url === 'warning' && valueString !== undefined ? [valueString] : [],
    ),
    reason: parts.find(({ url }) => url === 'reason')?.valueString ?? 'no reason recorded',
  };
}
