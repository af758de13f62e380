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
  const routes = [routeOf(one), routeOf(other)];
  const apart = routes[0] !== routes[1];
  if (same.length > 0) {
    const words = `${one} and ${other} both contain ${same.join(' and ')}${apart ? ', by different routes' : ''}.`;
    return [{ kind: 'duplicate', severity: apart ? 'caution' : 'serious', words }];
  }
  if (apart) return [];
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

type Route = 'nose' | 'eye or ear' | 'skin' | 'lungs' | 'body';

/** By the form in the name; a nasal spray beside an inhaler is no double dose. What names no form acts on the whole body. */
function routeOf(name: string): Route {
  const words = name.toLowerCase();
  if (/nasal|nose/.test(words)) return 'nose';
  if (/\beye|\bear\b|ocular|ophthalmic/.test(words)) return 'eye or ear';
  if (/cream|ointment|\bgel\b|lotion|shampoo|scalp|cutaneous|topical|plaster/.test(words)) return 'skin';
  return /inhal|nebuli/.test(words) ? 'lungs' : 'body';
}
