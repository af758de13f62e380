import { reviewTaskSystem } from '../../contract/review-task.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/** I12: the same schedule with every clock right ends with the same versions, outcomes and order. */
export function checkClocksDecideNothing(world: World, withSteadyClocks: World): void {
  const one = whatCameOfIt(world);
  const other = whatCameOfIt(withSteadyClocks);
  for (const [name, fact] of one) {
    if (other.get(name) !== fact)
      throw new Violation(
        'I12',
        `${name} came out otherwise with other clocks: ${fact}; ${other.get(name) ?? 'nothing'}`,
      );
  }
  if (one.size !== other.size) throw new Violation('I12', 'with other clocks something is missing');
}

function whatCameOfIt({ service }: World): ReadonlyMap<string, string> {
  const facts = new Map([['head', `${service.epoch}/${service.head}`]]);
  for (const [key, versions] of service.versions) {
    for (const { version, opId, position, basedOn, rule, content } of versions) {
      // The times that people read, in an addendum and in the words of a review task, are their clocks' and not compared.
      const text = content?.includes(reviewTaskSystem) === true ? '' : content?.replace(/"date":"[^"]*"/, '');
      facts.set(`${key}/${version}`, JSON.stringify([opId, position, basedOn, rule, text]));
    }
  }
  for (const [opId, { outcome }] of service.ledger) facts.set(opId, outcome.outcome);
  return facts;
}
