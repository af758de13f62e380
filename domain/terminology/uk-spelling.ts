/**
 * British spelling of the international terms: SNOMED CT's Global Patient Set has only American ones.
 * A fixed list of word parts; whatever stands outside it stays as it is. The search finds both spellings.
 */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/([a-z])emi(a|as|c)\b/g, '$1aemi$2'],
  [/edema/g, 'oedema'],
  [/\bhem(?=o|a[tnr])/g, 'haem'],
  [/esophag/g, 'oesophag'],
  [/rrhe(a|ic)/g, 'rrhoe$1'],
  [/pnea/g, 'pnoea'],
  [/\bpediatric/g, 'paediatric'],
  [/\borthopedic/g, 'orthopaedic'],
  [/gyneco/g, 'gynaeco'],
  [/(an|par|dys|hyper|hypo|kin)esthe(s|t)/g, '$1aesthe$2'],
  [/\bceliac/g, 'coeliac'],
  [/\bcecum/g, 'caecum'],
  [/\bfec(es|al)/g, 'faec$1'],
  [/tumor(?=s?\b)/g, 'tumour'],
  [/\bcolor/g, 'colour'],
  [/behavior/g, 'behaviour'],
  [/\blabor\b/g, 'labour'],
  [/\bestr(ogen|adiol|iol|one)/g, 'oestr$1'],
  [/\b(milli|centi)?liter/g, '$1litre'],
  [/\b(milli|centi|kilo)meter/g, '$1metre'],
  [/\bfiber/g, 'fibre'],
  [/leukocyt/g, 'leucocyt'],
  [/\bcesarean/g, 'caesarean'],
  [/iz(ation|ed|ing)\b/g, 'is$1'],
  [/paralyz/g, 'paralys'],
  [/\bpreeclampsia/g, 'pre-eclampsia'],
  [/\betiolog/g, 'aetiolog'],
  [/acetaminophen/g, 'paracetamol'],
  [/\bepinephrine/g, 'adrenaline'],
  [/\balbuterol/g, 'salbutamol'],
];

/** Words that the rules would spoil: their Greek or Latin is spelt alike on both sides. */
const EXCEPTIONS =
  /\b(?:academi|epidemi|endemi|pandemi|polysemi|chemi|alchemi|systemi|polemi|anthemi|racemi|aesthe|anaesthe|extremi|premi|dysthymi|demi)/;

/** The term in British spelling; the same text where nothing changes. Case of a leading capital is kept. */
export function britishSpelling(term: string): string {
  return term.replace(/[A-Za-z][A-Za-z-]*/g, (word) => {
    const lower = word.toLowerCase();
    if (EXCEPTIONS.test(lower)) return word;
    let changed = lower;
    for (const [pattern, replacement] of RULES) changed = changed.replace(pattern, replacement);
    if (changed === lower) return word;
    return word.charAt(0) === lower.charAt(0) ? changed : changed.charAt(0).toUpperCase() + changed.slice(1);
  });
}
