import {
  classesOfIngredients,
  ingredientsIn,
  type InteractionSeverity,
  type MedicineFacts,
} from './medicine-facts.ts';

export type TherapyFinding = {
  readonly kind: 'duplicate' | 'interaction';
  readonly severity: InteractionSeverity;
  readonly words: string;
};

/** What two medicines in use at once bring: the same ingredient or class twice, or a known interaction. */
export function checkPair(one: string, other: string, facts: MedicineFacts): readonly TherapyFinding[] {
  const ofOne = ingredientsIn(one, facts);
  const ofOther = ingredientsIn(other, facts);
  return [
    ...duplicates(one, ofOne, other, ofOther, facts),
    ...interactions(one, ofOne, other, ofOther, facts),
  ];
}

function duplicates(
  one: string,
  ofOne: readonly string[],
  other: string,
  ofOther: readonly string[],
  facts: MedicineFacts,
): TherapyFinding[] {
  const same = ofOne.filter((ingredient) => ofOther.includes(ingredient));
  if (same.length > 0) {
    return [
      {
        kind: 'duplicate',
        severity: 'serious',
        words: `${one} and ${other} both contain ${same.join(' and ')}.`,
      },
    ];
  }
  const classes = classesOfIngredients(ofOther, facts);
  const shared = facts.file.classes.find(
    ({ key, duplicate }) =>
      duplicate && classes.includes(key) && classesOfIngredients(ofOne, facts).includes(key),
  );
  return shared
    ? [{ kind: 'duplicate', severity: 'caution', words: `${one} and ${other} are both ${shared.label}.` }]
    : [];
}

function interactions(
  one: string,
  ofOne: readonly string[],
  other: string,
  ofOther: readonly string[],
  facts: MedicineFacts,
): TherapyFinding[] {
  const left = new Set([...ofOne, ...classesOfIngredients(ofOne, facts)]);
  const right = new Set([...ofOther, ...classesOfIngredients(ofOther, facts)]);
  const meets = (names: readonly string[], side: ReadonlySet<string>): boolean =>
    names.some((name) => side.has(name));
  return facts.file.interactions
    .filter(
      (rule) =>
        (meets(rule.one, left) && meets(rule.other, right)) ||
        (meets(rule.one, right) && meets(rule.other, left)),
    )
    .map(({ severity, words }) => ({
      kind: 'interaction',
      severity,
      words: `${one} with ${other}. ${words}`,
    }));
}
