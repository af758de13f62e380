import type { Draft } from './element-conversion.ts';
import { importedId } from './identity.ts';
import type { SourceIndex } from './source-index.ts';
import { objectsOf, textOf } from './source.ts';
import { RECORD_COMPLETENESS_SYSTEM, SOURCE_EXTENSION } from './systems.ts';

/** GP Connect's warnings that a list, and so the record, is not whole (clinical.md, Reading imported records truly). */
const WARNINGS: Readonly<Record<string, { readonly words: string; readonly sentence: RegExp }>> = {
  'data-in-transit': {
    words: 'Record transfer from the previous practice is not complete; older entries may be missing.',
    sentence: /Patient record transfer[^.]*\./,
  },
  'confidential-items': {
    words: 'Items excluded due to confidentiality and/or patient preferences.',
    sentence: /Items excluded[^.]*\./,
  },
  'data-awaiting-filing': {
    words: 'Data is waiting to be filed and is not in this record yet.',
    sentence: /[^.]*awaiting filing[^.]*\./i,
  },
};

/**
 * One Flag per patient, warning and wording, so that no screen has to read every list to know that the record is not
 * whole. The Lists keep the warnings, too (docs/decisions).
 */
export function completenessFlags(
  index: SourceIndex,
  names: { readonly organisation: string; readonly sourceSystem: string },
  produced: ReadonlyMap<string, Draft>,
): readonly Draft[] {
  const flags = new Map<string, Draft>();
  for (const entry of index.entries) {
    if (entry.type !== 'List' || entry.owner.kind !== 'patient') continue;
    const { key } = entry.owner.patient;
    const patient = index.entries.find(
      (other) =>
        other.type === 'Patient' &&
        other.owner.kind === 'patient' &&
        other.owner.patient.key === key &&
        !other.repeats,
    );
    if (!patient || !produced.has(`Patient/${patient.id}`)) continue;
    const notes = objectsOf(entry.resource['note']).map((note) => textOf(note['text']) ?? '');
    for (const extension of objectsOf(entry.resource['extension'])) {
      if (extension['url'] !== SOURCE_EXTENSION.listWarningCode) continue;
      const code = textOf(extension['valueCode']);
      if (code === undefined) continue;
      const warning = WARNINGS[code];
      const text = warning
        ? (notes.map((note) => warning.sentence.exec(note)?.[0]).find((sentence) => sentence !== undefined) ??
          warning.words)
        : notes.join(' ') || `The source warns: ${code}`;
      const id = importedId(names.organisation, names.sourceSystem, key, 'Flag', `${code} ${text}`);
      flags.set(id, {
        resourceType: 'Flag',
        id,
        meta: { source: `${names.sourceSystem}#Flag/${encodeURIComponent(code)}` },
        status: 'active',
        category: [{ coding: [{ system: RECORD_COMPLETENESS_SYSTEM, code }], text: 'Record is not whole' }],
        code: { text },
        subject: { reference: `Patient/${patient.id}` },
      });
    }
  }
  return [...flags.values()];
}
