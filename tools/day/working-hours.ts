/** The three working hours without network: the surgery, the clinic, the visits. */
import { join } from 'node:path';
import { addAllergy, changeProblem, consult, observe, openSet, recordMedicine, timed } from './acts.ts';
import type { Act } from './acts.ts';
import type { Entered } from './check-service.ts';
import { shown } from './keyboard.ts';
import { ROLE_TITLES } from './people.ts';
import type { DayPatient } from './people.ts';
import type { PatientPlan } from './plan.ts';
import type { Seat } from './seat.ts';

export const CONFLICT_COMMENT = 'GP without network: still active, keep on the list';

/** What is noted while people work. */
export class DayBook {
  readonly entered: Entered[] = [];
  readonly effort: { what: string; strokes: number; seconds: number }[] = [];
  readonly kills: string[] = [];
  /** What could not be done at the screen; the day goes on with the next patient. */
  readonly faults: string[] = [];
  readonly say: (line: string) => void;
  readonly #out: string;

  constructor(say: (line: string) => void, out: string) {
    this.say = say;
    this.#out = out;
  }

  /** @param counts false for an act that a power cut interrupted: its time says nothing */
  note(entered: Entered, counts = true): void {
    this.entered.push(entered);
    const { role, kind, act } = entered;
    if (counts) this.effort.push({ what: `${ROLE_TITLES[role]}: ${kind}`, ...effortAlone(act) });
  }

  async picture(seat: Seat, moment: string): Promise<void> {
    await seat.picture(join(this.#out, `${moment}-${seat.role}.png`));
  }

  /** Does it; a failure is noted with a picture and the window cleared for the next. */
  async attempt(seat: Seat, what: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
      this.say(what);
    } catch (error) {
      const words = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'failed';
      this.faults.push(`${what}: not done. ${words}`);
      this.say(`✗ ${what}: ${words}`);
      await this.picture(seat, `fault-${this.faults.length}`).catch(() => undefined);
      await seat.keys.press('Escape', 3);
    }
  }
}

function effortAlone({ strokes, seconds }: Act): { readonly strokes: number; readonly seconds: number } {
  return { strokes, seconds };
}

export async function surgery(
  seat: Seat,
  plans: readonly PatientPlan[],
  disputed: { readonly patient: DayPatient; readonly problem: string },
  book: DayBook,
): Promise<void> {
  await seat.coldStart();
  await shown('“Offline” in the title bar', seat.page.getByText(/^Offline/));
  const interrupted = Math.min(1, plans.length - 1);
  for (const [index, { patient, gp }] of plans.entries()) {
    const powerCut = async (): Promise<void> => {
      await book.picture(seat, '2-before-the-power-cut');
      await seat.killMain();
      await seat.coldStart();
      await seat.openPatient(patient);
      await seat.keys.press('F4');
      await shown('the draft as it was left', seat.page.getByText(/is open again, as you left it/));
      await book.picture(seat, '3-after-the-power-cut');
      book.kills.push(
        'GP: the program killed in the middle of a consultation; the draft was there after a cold start offline',
      );
    };
    await book.attempt(seat, `GP: ${patient.label} consulted`, async () => {
      await seat.openPatient(patient);
      const act = await timed(seat, () =>
        consult(seat, gp, index === interrupted ? { at: 2, by: powerCut } : undefined),
      );
      book.note({ kind: 'consultation', role: 'gp', patient, planned: gp, act }, index !== interrupted);
    });
    if (patient.id !== disputed.patient.id) continue;
    await book.attempt(seat, `GP: ${patient.label}, a problem of the list changed`, () =>
      changeProblem(seat, disputed.problem, CONFLICT_COMMENT),
    );
  }
  await book.picture(seat, '4-surgery-done-offline');
  await seat.leave();
}

export async function clinic(
  seat: Seat,
  plans: readonly PatientPlan[],
  allergic: DayPatient,
  book: DayBook,
): Promise<void> {
  await seat.coldStart();
  const interrupted = plans.length - 1;
  for (const [index, { patient, nurse }] of plans.entries()) {
    const crash = async (): Promise<void> => {
      await seat.killRenderer();
      if (!(await seat.page.locator(`[data-banner-patient="${patient.id}"]`).isVisible()))
        await seat.openPatient(patient);
      await openSet(seat);
      await book.picture(seat, '3-after-the-window-was-killed');
      book.kills.push(
        'Nurse: the window’s process killed in the middle of a set; the values typed were there again',
      );
    };
    await book.attempt(seat, `nurse: ${patient.label} observed`, async () => {
      await seat.openPatient(patient);
      const act = await timed(seat, () =>
        observe(seat, nurse, index === interrupted ? { at: 4, by: crash } : undefined),
      );
      book.note({ kind: 'observations', role: 'nurse', patient, planned: nurse, act }, index !== interrupted);
    });
    if (patient.id !== allergic.id) continue;
    await book.attempt(seat, `nurse: ${patient.label}, penicillin allergy recorded`, async () => {
      const reaction = 'rash within an hour';
      let agent = '';
      const act = await timed(seat, async () => {
        agent = await addAllergy(seat, 'penicillin', reaction);
      });
      book.note({ kind: 'allergy', role: 'nurse', patient, planned: { agent, reaction }, act });
    });
  }
  await book.picture(seat, '4-clinic-done-offline');
  await seat.leave();
}

export async function visits(seat: Seat, plans: readonly PatientPlan[], book: DayBook): Promise<void> {
  await seat.coldStart();
  for (const { patient, locum, medicine } of plans) {
    await book.attempt(seat, `locum: ${patient.label} visited`, async () => {
      await seat.openPatient(patient);
      const act = await timed(seat, () => consult(seat, locum));
      book.note({ kind: 'consultation', role: 'locum', patient, planned: locum, act });
    });
    await book.attempt(seat, `locum: ${patient.label}, medication recorded`, async () => {
      const act = await timed(seat, () => recordMedicine(seat, medicine));
      book.note({ kind: 'medicine', role: 'locum', patient, planned: medicine, act });
    });
  }
  await book.picture(seat, '4-visits-done-offline');
  await seat.leave();
}
