/** What people do at the screen, key by key. */
import type { Draft } from '../../contract/channels/record.ts';
import type { Result } from '../../domain/result.ts';
import { DayFailure, shown, until } from './keyboard.ts';
import type { PlannedConsultation, PlannedLine, PlannedMedicine, PlannedSet } from './plan.ts';
import type { Seat } from './seat.ts';

/** When an act began and was said to be saved, and what it took. */
export interface Act {
  readonly began: string;
  readonly saved: string;
  readonly strokes: number;
  readonly seconds: number;
}

export async function timed(seat: Seat, act: () => Promise<void>): Promise<Act> {
  const strokes = seat.keys.strokes;
  const began = new Date();
  await act();
  const saved = new Date();
  return {
    began: began.toISOString(),
    saved: saved.toISOString(),
    strokes: seat.keys.strokes - strokes,
    seconds: (saved.getTime() - began.getTime()) / 1000,
  };
}

/** @param interrupt is called when the lines before `at` are written and durable; whoever comes back goes on */
export async function consult(
  seat: Seat,
  consultation: PlannedConsultation,
  interrupt?: { readonly at: number; readonly by: () => Promise<void> },
): Promise<void> {
  const { keys } = seat;
  await keys.press('F4');
  await shown('the consultation', seat.page.getByText('Review and sign'));
  await focusOn(seat, '[data-note-line]');
  if (consultation.type !== 'GP surgery') await chooseType(seat, consultation.type);
  for (const [index, line] of consultation.lines.entries()) {
    if (index > 0) await keys.press('Enter');
    if (interrupt?.at === index) {
      await shown('the draft kept', seat.page.getByText(/^Draft kept on this computer/));
      await draftRested(seat);
      await interrupt.by();
    }
    await writeLine(seat, line);
  }
  await keys.press('Control+Enter');
  await shown('what will be signed', seat.page.getByRole('button', { name: /^Sign for / }));
  await untilSaved(seat, () => keys.press('Enter'));
  // While the dialogue stands no other key is answered.
  await seat.page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/** The last keystroke is durable within 2 s: the draft that the store holds ends with the words that stand there. */
async function draftRested(seat: Seat): Promise<void> {
  await until('the draft with the last line', async () => {
    const lines = await seat.page.locator('[data-note-line]').count();
    const kept = await seat.page.evaluate(async () => {
      const answer = (await window.gladstone.call['draft.list'](undefined)) as Result<Draft[], unknown>;
      if (!answer.ok) return 0;
      const newest = answer.value.toSorted((left, right) => right.changedAt.localeCompare(left.changedAt))[0];
      const content = JSON.parse(newest?.content ?? '{}') as { lines?: unknown[] };
      return content.lines?.length ?? 0;
    });
    return kept === lines;
  });
}

async function chooseType(seat: Seat, type: string): Promise<void> {
  const box = seat.page.getByLabel('Type of consultation');
  await seat.keys.walkTo('the type of consultation', box, 'Shift+Tab', 20);
  await seat.keys.type(type.slice(0, 2));
  await until(`the type ${type}`, async () => (await box.inputValue()) === type);
  await seat.keys.walkTo('the note', seat.page.locator('[data-note-line]').last(), 'Tab', 20);
}

async function writeLine(seat: Seat, line: PlannedLine): Promise<void> {
  const { keys, page } = seat;
  await keys.type(`${line.key} `);
  if (line.coded) {
    await keys.type(line.coded.words);
    await chooseTerm(seat, line.coded.term);
    await keys.press('Tab');
    await shown(`the code ${line.coded.term}`, page.locator('.code-term', { hasText: line.coded.term }));
    const marks = page.locator('.code-line').last();
    // Under Problem a code goes to the problem list by itself.
    await shown('the problem list', marks.getByRole('button', { name: 'Problem list: yes' }));
    await keys.walkTo('New', marks.getByRole('button', { name: 'New', exact: true }), 'Shift+Tab', 12);
    await keys.press('Space');
    await keys.walkTo('the words beside the code', page.locator('[data-note-line]').last(), 'Tab', 12);
  }
  await keys.type(line.text);
}

/** Down the list to the term itself, never to the first that happens to stand there. */
async function chooseTerm(seat: Seat, term: string): Promise<void> {
  const options = seat.page.getByRole('listbox', { name: 'Coded terms' }).getByRole('option');
  const wanted = options.filter({ hasText: new RegExp(`^${term}\\b`) }).first();
  await shown(`the term ${term}`, wanted);
  for (let step = 0; step < 9; step += 1) {
    if ((await wanted.getAttribute('aria-selected')) === 'true') return;
    await seat.keys.press('ArrowDown');
  }
  throw new DayFailure(`The arrow keys do not reach the term ${term}.`);
}

/** A set in one pass: Enter walks on, a second Enter keeps an unusual value. */
export async function observe(
  seat: Seat,
  set: PlannedSet,
  interrupt?: { readonly at: number; readonly by: () => Promise<void> },
): Promise<void> {
  const { keys } = seat;
  await openSet(seat);
  for (const [index, { box, typed }] of set.values.entries()) {
    if (interrupt?.at === index) {
      await shown('the draft kept', seat.page.getByText(/^Draft kept on this computer/));
      await until('the draft with the last value', () => draftHolds(seat, index));
      await interrupt.by();
      for (let passed = 0; passed < index; passed += 1) await enterOn(seat);
    }
    await until(`the box ${box}`, async () => (await boxInHand(seat)) === box);
    await keys.type(typed);
    await enterOn(seat);
  }
  const words = set.news2 === null ? /^NEWS2 is not|16/ : new RegExp(`^NEWS2 ${set.news2.total}\\b`);
  await shown(
    'the score as worked out by hand',
    seat.page.getByLabel('NEWS2', { exact: true }).getByText(words),
  );
  await untilSaved(seat, () => keys.press('Control+Enter'));
}

export async function openSet(seat: Seat): Promise<void> {
  const { keys } = seat;
  await keys.press('F6');
  await shown('the observations', seat.page.getByRole('heading', { name: 'Observations' }));
  await focusOn(seat, '[data-observation]');
  const set = seat.page.getByRole('button', { name: 'Acute with NEWS2' });
  if ((await set.getAttribute('aria-pressed')) === 'true') return;
  await keys.walkTo('the acute set', set, 'Shift+Tab', 12);
  await keys.press('Space');
  await focusOn(seat, '[data-observation]');
}

async function boxInHand(seat: Seat): Promise<string> {
  return seat.page.evaluate(
    () => (document.activeElement as HTMLElement | null)?.dataset['observation'] ?? '',
  );
}

async function enterOn(seat: Seat): Promise<void> {
  const before = await boxInHand(seat);
  await seat.keys.press('Enter');
  if ((await boxInHand(seat)) === before) await seat.keys.press('Enter');
}

async function draftHolds(seat: Seat, values: number): Promise<boolean> {
  return seat.page.evaluate(async (wanted) => {
    const answer = (await window.gladstone.call['draft.list'](undefined)) as Result<Draft[], unknown>;
    if (!answer.ok) return false;
    return answer.value.some((draft) => {
      const content = JSON.parse(draft.content) as { state?: { texts?: Record<string, string> } };
      return Object.values(content.state?.texts ?? {}).filter((text) => text !== '').length === wanted;
    });
  }, values);
}

export async function recordMedicine(seat: Seat, { drug, dose }: PlannedMedicine): Promise<void> {
  const { keys, page } = seat;
  await keys.press('Alt+M');
  const dialog = page.getByRole('dialog', { name: 'Record medication' });
  await shown('the medication form', dialog);
  await keys.type(drug);
  // The records of a day clash as records do: then a reason is given, as a person would.
  const reason = dialog.getByLabel('Reason to record it all the same');
  if (await reason.isVisible()) {
    await keys.walkTo('the reason', reason, 'Tab', 12);
    await keys.type('told of it, watched for');
  }
  await keys.walkTo('the dose', dialog.getByLabel('Dose, as said'), 'Tab', 12);
  await keys.type(dose);
  await untilSaved(seat, () => keys.press('Enter'));
  await dialog.waitFor({ state: 'hidden' });
}

/** @param words find the agent; the term that begins with them is chosen */
export async function addAllergy(seat: Seat, words: string, reaction: string): Promise<string> {
  const { keys, page } = seat;
  await keys.press('Alt+A');
  const dialog = page.getByRole('dialog', { name: 'Add an allergy or intolerance' });
  await shown('the allergy form', dialog);
  await keys.type(words);
  const chosen = dialog.locator('[role="option"][aria-selected="true"]');
  await keys.press('ArrowDown');
  await shown('the first term of these words', chosen.filter({ hasText: new RegExp(words, 'i') }));
  await keys.press('Enter');
  await shown('the coded agent', dialog.getByText(/^Coded: SNOMED CT/));
  const agent =
    (await dialog.getByRole('group', { name: 'Causative agent' }).locator('strong').textContent()) ?? '';
  await keys.walkTo('the reaction', dialog.getByLabel('Reaction'), 'Tab', 5);
  await keys.type(reaction);
  await untilSaved(seat, () => keys.press('Enter'));
  await dialog.waitFor({ state: 'hidden' });
  return agent;
}

/** Changes a problem of the list: its significance, with a comment. */
export async function changeProblem(seat: Seat, title: string, comment: string): Promise<void> {
  const { keys, page } = seat;
  await keys.press('Alt+3');
  const line = page.locator('.record-table').getByRole('button', { name: title, exact: true }).first();
  await shown('the problem on the list', line);
  await keys.walkTo('the problem', line);
  await keys.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Change this problem' });
  await shown('the form of the problem', dialog);
  await keys.walkTo('the comment', dialog.getByLabel('Comment'), 'Tab', 12);
  await keys.type(comment);
  const save = dialog.getByRole('button', { name: /^Save for / });
  await keys.walkTo('the button that saves', save, 'Tab', 12);
  await untilSaved(seat, () => keys.press('Enter'));
  await dialog.waitFor({ state: 'hidden' });
}

/**
 * Waits for the next "Saved on this computer": begun before the key that saves, so that the words of an earlier save
 * cannot pass for this one's. The page only counts what it shows.
 */
async function untilSaved(seat: Seat, save: () => Promise<void>): Promise<void> {
  const before = await timesSaved(seat);
  await save();
  await until('“Saved on this computer”', async () => (await timesSaved(seat)) > before);
}

function timesSaved(seat: Seat): Promise<number> {
  return seat.page.evaluate(() => {
    const counter = window as unknown as { savedSaid?: number };
    if (counter.savedSaid === undefined) {
      counter.savedSaid = 0;
      const said = new WeakSet<Element>();
      new MutationObserver(() => {
        for (const notice of document.querySelectorAll('.toasts [role="status"]')) {
          if (said.has(notice) || !notice.textContent.includes('Saved on this computer')) continue;
          said.add(notice);
          counter.savedSaid = (counter.savedSaid ?? 0) + 1;
        }
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
    }
    return counter.savedSaid;
  });
}

async function focusOn(seat: Seat, selector: string): Promise<void> {
  await until(`the focus on ${selector}`, () =>
    seat.page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector),
  );
}
