/** What the screens say after the day against what was meant: the same facts again, as people read them. */
import { displayDate } from '../../domain/clinical/date-display.ts';
import { shown, until } from './keyboard.ts';
import type { Entered, Finding } from './check-service.ts';
import { daysFrom } from './setting.ts';
import type { Seat } from './seat.ts';

/** Opens the patient of these entries and reads summary and journal. All entries are of one patient. */
export async function checkScreen(
  seat: Seat,
  entries: readonly Entered[],
  today: string,
): Promise<readonly Finding[]> {
  const [first] = entries;
  if (!first) return [];
  await seat.openPatient(first.patient);
  await seat.keys.press('Alt+1');
  await shown('the summary', seat.page.getByRole('heading', { name: 'Last values' }));
  const findings: Finding[] = [];
  for (const entered of entries) findings.push(await checkSummary(seat, entered, today));
  await seat.keys.press('Alt+2');
  await shown('the journal', seat.page.getByRole('group', { name: 'Journal, newest first' }));
  for (const entered of entries) {
    if (entered.kind === 'consultation') findings.push(await checkJournal(seat, entered));
  }
  return findings.filter(({ what }) => what !== '');
}

async function checkSummary(seat: Seat, entered: Entered, today: string): Promise<Finding> {
  const { page } = seat;
  const differences: string[] = [];
  const expectOnce = async (what: string, area: string, words: readonly string[]): Promise<void> => {
    const lines = page.locator(`[data-area="${area}"] li`);
    const fits = async (): Promise<number> => {
      const texts = await lines.allTextContents();
      return texts.filter((text) => words.every((word) => text.includes(word))).length;
    };
    // The screen follows the feed by itself; a moment is given, then what stands there stands.
    await until(what, async () => (await fits()) === 1, 10_000).catch(() => undefined);
    const count = await fits();
    if (count !== 1) differences.push(`${what}: on the screen ${count} times`);
  };
  const problems = (): Promise<string[]> => page.locator('[data-area="problems"] li').allTextContents();
  switch (entered.kind) {
    case 'consultation':
      for (const line of entered.planned.lines) {
        if (line.coded && !(await problems()).some((text) => text.includes(line.coded?.term ?? '')))
          differences.push(`the problem ${line.coded.term} is not on the list`);
        if (line.dueInDays !== undefined)
          await expectOnce('follow-up', 'due', [line.text, displayDate(daysFrom(today, line.dueInDays))]);
      }
      break;
    case 'medicine':
      await expectOnce('medicine with its dose', 'medication', [entered.planned.drug, entered.planned.dose]);
      break;
    case 'allergy':
      await expectOnce('allergy', 'allergies', [entered.planned.agent, entered.planned.reaction]);
      if (!((await page.locator('.banner-allergies').textContent()) ?? '').includes(entered.planned.agent))
        differences.push('the allergy is not on the banner');
      break;
    case 'observations': {
      const rows = await page.locator('[data-area="values"] tr').allTextContents();
      const wanted: (readonly [string, string])[] = [
        ['Blood pressure', entered.planned.values.find(({ box }) => box === 'bloodPressure')?.stored ?? ''],
        ['Temperature', entered.planned.values.find(({ box }) => box === 'temperature')?.stored ?? ''],
        ...(entered.planned.news2
          ? [['National Early Warning Score 2', String(entered.planned.news2.total)] as const]
          : []),
      ];
      for (const [name, value] of wanted) {
        const row = rows.find(
          (text) => text.toLowerCase().includes(name.toLowerCase()) && text.includes(value),
        );
        if (row === undefined)
          differences.push(
            `${name} ${value} is not among the last values (${rows.filter((text) => text.toLowerCase().includes(name.toLowerCase())).join(' | ') || 'no such row'})`,
          );
      }
      break;
    }
  }
  return {
    what: `${entered.kind} of ${entered.patient.label} by the ${entered.role} on the ${seat.role}’s screen`,
    differences,
  };
}

async function checkJournal(
  seat: Seat,
  { patient, role, planned }: Extract<Entered, { kind: 'consultation' }>,
): Promise<Finding> {
  const differences: string[] = [];
  const article = seat.page
    .locator('.journal-consultation')
    .filter({ hasText: planned.lines[0]?.text ?? '' });
  await shown('the consultation in the journal', article, 10_000).catch(() => undefined);
  const count = await article.count();
  if (count !== 1) differences.push(`in the journal ${count} times`);
  if (count === 1) {
    const headings = await article.locator('.heading-title').allTextContents();
    const wanted = planned.lines.map(({ heading }) => heading);
    if (headings.join(' › ') !== wanted.join(' › '))
      differences.push(`headings ${headings.join(' › ')} instead of ${wanted.join(' › ')}`);
    const bodies = await article.locator('.heading-body').allTextContents();
    for (const [index, line] of planned.lines.entries()) {
      const words = bodies[index] ?? '';
      if (!words.includes(line.text)) differences.push(`under ${line.heading} other words stand: ${words}`);
      if (line.coded && !words.includes(line.coded.term))
        differences.push(`under ${line.heading} the term is missing`);
    }
    const head = (await article.locator('.journal-head').textContent()) ?? '';
    if (!head.includes(planned.type)) differences.push(`its kind is not shown: ${head}`);
  }
  return {
    what: `journal: consultation of ${patient.label} by the ${role} on the ${seat.role}’s screen`,
    differences,
  };
}
