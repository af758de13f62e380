/** One person at one computer: a profile of their own, real Electron, the keyboard. */
import type { Locator, Page } from '@playwright/test';
import type { DesktopFixture, OpenDesktop } from '../../test/support/electron.ts';
import { signInHere, unlockHere } from '../../test/support/practice.ts';
import type { Practice } from '../../test/support/practice.ts';
import { DayFailure, Keyboard, shown, until } from './keyboard.ts';
import type { DayPatient, Role } from './people.ts';

export class Seat {
  readonly role: Role;
  readonly keys = new Keyboard(() => this.page);
  readonly #desktop: DesktopFixture;
  readonly #practice: Practice;
  #opened: OpenDesktop | undefined;
  /** The window of the moment: another one after its process died. */
  #page: Page | undefined;
  #profile: string | undefined;

  constructor(role: Role, desktop: DesktopFixture, practice: Practice) {
    this.role = role;
    this.#desktop = desktop;
    this.#practice = practice;
  }

  get page(): Page {
    if (this.#page === undefined) throw new DayFailure(`The ${this.role} has no window open.`);
    return this.#page;
  }

  /** Signs in online on a computer that knows nobody, sets the passphrase. */
  async signIn(): Promise<void> {
    this.#opened = await signInHere(this.#desktop, this.#practice, this.role);
    this.#page = this.#opened.page;
    this.#profile = this.#opened.profile;
  }

  /** The first load is whole when the surgery says so of every record of the day, and sync says that nothing waits. */
  async fillBag(): Promise<void> {
    await shown(
      'the surgery with every record of the day on this computer',
      this.page.getByText('Every record is on this computer.'),
      120_000,
    );
    await this.inStep();
  }

  async inStep(patienceMs = 120_000): Promise<void> {
    await shown('“In step” in the title bar', this.page.getByText(/^In step/), patienceMs);
  }

  /** Starts the program from nothing and opens it with the passphrase, online or not. */
  async coldStart(): Promise<void> {
    if (this.#profile === undefined) throw new DayFailure(`The ${this.role} never signed in.`);
    this.#opened = await this.#desktop.open({
      profile: this.#profile,
      environment: { GLADSTONE_SERVICE: this.#practice.url },
    });
    this.#page = this.#opened.page;
    await unlockHere(this.#page);
  }

  /** Ends the program as a person does. */
  async leave(): Promise<void> {
    await this.#opened?.close();
    this.#page = undefined;
  }

  /** SIGKILL to the main process: a power cut. */
  async killMain(): Promise<void> {
    await this.#opened?.kill();
    this.#page = undefined;
  }

  /** SIGKILL to the process that draws the window; the program opens another, which may ask who is there. */
  async killRenderer(): Promise<void> {
    const opened = this.#opened;
    if (opened === undefined) throw new DayFailure('No program is open.');
    const reopened = opened.app.waitForEvent('window', { timeout: 30_000 });
    const process_ = await opened.app.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0,
    );
    if (process_ === 0) throw new DayFailure('The process of the window is not known.');
    process.kill(process_, 'SIGKILL');
    this.#page = await reopened;
    await this.#page.waitForLoadState();
    const locked = this.#page.getByLabel(/^Passphrase of /);
    await shown('the window again', locked.or(this.#page.getByRole('button', { name: /Lock/ })));
    if (await locked.isVisible()) await unlockHere(this.#page);
  }

  /** Opens a patient by the NHS number: the palette, the number, Enter; the banner says who it is. */
  async openPatient(patient: DayPatient): Promise<void> {
    const { page, keys } = this;
    const banner = page.locator(`[data-banner-patient="${patient.id}"]`);
    await keys.press('Control+K');
    const palette = page.getByRole('dialog');
    await shown('the palette', palette);
    await keys.type(patient.nhsNumber);
    const number = patient.nhsNumber.replace(/^(\d{3})(\d{3})/, '$1 $2 ');
    await selected(`the patient with this NHS number`, palette.getByRole('option'), number);
    await keys.press('Enter');
    await shown('the banner of the patient asked for', banner);
    await shown('the record', page.getByText(/Whole record|Not whole/));
  }

  async picture(path: string): Promise<void> {
    await this.page.screenshot({ path });
  }
}

/** Waits until the option that Enter would take holds these words. */
async function selected(what: string, options: Locator, words: string): Promise<void> {
  await until(what, async () => {
    const chosen = options.and(options.page().locator('[aria-selected="true"]'));
    return (await chosen.count()) === 1 && ((await chosen.textContent()) ?? '').includes(words);
  });
}
