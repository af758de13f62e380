import { expect, it } from 'vitest';
import type { ItemSource } from '../../../../domain/record/record-view.ts';
import { taskView } from '../../../../domain/record/task-list.ts';

const source = { key: 'Task/t' } as ItemSource;

it('I16: a task of the combined safety rules is marked as one, though its category stands first', () => {
  const codes = (...all: readonly string[]) => ({ coding: all.map((code) => ({ code })) });
  const kind = (code: ReturnType<typeof codes>) =>
    taskView({ resourceType: 'Task', status: 'requested', intent: 'order', code }, source, 'p').kind;
  expect(kind(codes('clinical', 'combined-safety'))).toBe('safety');
  expect(kind(codes('follow-up'))).toBe('follow-up');
});
