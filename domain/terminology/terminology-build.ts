import { isConceptId, isLocalSystemCode } from './sctid.ts';
import {
  splitFullySpecifiedName,
  type Description,
  type DescriptionKind,
  type SemanticTag,
} from './terminology-asset.ts';
import { britishSpelling } from './uk-spelling.ts';

/** A curated line: preferred UK term, synonym or abbreviation of a concept. */
export type CuratedTerm = { readonly code: string; readonly kind: DescriptionKind; readonly term: string };

/** A code and the term that UK messages use for it, without a semantic tag. */
type ObservedTerm = { readonly code: string; readonly term: string };

export type BuildInput = {
  /** code and fully specified name, tag in brackets */
  readonly concepts: readonly { readonly code: string; readonly name: string }[];
  readonly observed: readonly ObservedTerm[];
  readonly curated: readonly CuratedTerm[];
};

export type BuildOutcome = {
  readonly descriptions: readonly Description[];
  /** curated codes that neither source knows: checked by nobody, so left out and named */
  readonly unknownCodes: readonly string[];
};

/**
 * Descriptions of every concept: the curated UK term first, else the international one in British spelling; then
 * synonyms, the American spelling and the terms seen in UK messages. Ordered by code, so that a rebuild changes only
 * what changed.
 */
export function buildDescriptions({ concepts, observed, curated }: BuildInput): BuildOutcome {
  const byCode = new Map<
    string,
    { readonly tag: SemanticTag; readonly preferred: string; readonly others: Map<string, DescriptionKind> }
  >();
  for (const { code, name } of concepts) {
    const { term, tag } = splitFullySpecifiedName(name);
    const british = britishSpelling(term);
    byCode.set(code, {
      tag,
      preferred: british,
      others: new Map(british === term ? [] : [[term, 'synonym']]),
    });
  }
  for (const { code, term } of observed) {
    if (!isConceptId(code) || isLocalSystemCode(code)) continue;
    const plain = splitFullySpecifiedName(term);
    const known = byCode.get(code);
    if (known) known.others.set(plain.term, 'synonym');
    else
      byCode.set(code, {
        tag: plain.tag === 'other' ? tagOfObserved(code, plain.term) : plain.tag,
        preferred: plain.term,
        others: new Map(),
      });
  }
  const unknownCodes = new Set<string>();
  for (const { code, kind, term } of curated) {
    const known = byCode.get(code);
    if (!known) unknownCodes.add(code);
    else if (kind === 'preferred') {
      known.others.set(known.preferred, 'synonym');
      byCode.set(code, { ...known, preferred: term });
    } else known.others.set(term, kind);
  }
  const descriptions: Description[] = [];
  for (const code of [...byCode.keys()].sort(
    (left, right) => left.length - right.length || (left < right ? -1 : 1),
  )) {
    const concept = byCode.get(code);
    if (!concept) continue;
    descriptions.push({ code, tag: concept.tag, kind: 'preferred', term: concept.preferred });
    for (const [term, kind] of concept.others) {
      if (term !== concept.preferred) descriptions.push({ code, tag: concept.tag, kind, term });
    }
  }
  return { descriptions, unknownCodes: [...unknownCodes] };
}

/** Messages carry no tag: products by their namespace or strength, the rest by how UK terms are worded. */
function tagOfObserved(code: string, term: string): SemanticTag {
  if (/1000001[01]\d\d$/.test(code) || /\d\s?(?:mg|ml|microgram|g|unit|%)/i.test(term)) return 'product';
  if (/^(?:FH|H\/O|No )/i.test(term)) return 'situation';
  if (/^O\/E|reading$/i.test(term)) return 'finding';
  if (/\b(?:level|count|estimation|rate|ratio|titre|volume|saturation)\b/i.test(term)) return 'observable';
  if (/vaccination|referral|injection|operation|ectomy|education|review|monitoring|test\b/i.test(term))
    return 'procedure';
  return 'other';
}
