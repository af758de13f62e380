import { describe, expect, it } from 'vitest';
import type { TaskLine } from '../../../../../renderer/cache/index.ts';
import { ownerWords } from '../../../../../renderer/features/tasks/task-owner.ts';

const names = new Map([
  ['Practitioner/p1', 'Dr Amara Okafor'],
  ['Organization/o1', 'Reception team'],
]);
const task = (owner: TaskLine['task']['owner'], kind: string | null = null) =>
  ({ owner, kind }) as TaskLine['task'];

describe('whose task it is', () => {
  it.each([
    ['a person known here', task({ reference: 'Practitioner/p1', name: 'Not named' }), 'Dr Amara Okafor'],
    ['a team known here', task({ reference: 'Organization/o1', name: 'Not named' }), 'Reception team'],
    ['somebody named in the task alone', task({ reference: 'Practitioner/x', name: 'Dr Else' }), 'Dr Else'],
    ['nobody, raised by the service', task(null, 'safety'), 'Duty team'],
    ['nobody', task(null, 'follow-up'), 'Anybody'],
  ])('%s', (_who, one, words) => {
    expect(ownerWords(one, names)).toBe(words);
  });
});
