import { app } from 'electron';

export const buildVersion = GLADSTONE_VERSION;

/** What Electron this project pins. Another one is the runtime for closed networks: for development and tests. */
export function onTestRuntime(): boolean {
  return process.versions.electron !== GLADSTONE_ELECTRON;
}

/** Why this build must not run here, or `undefined`. A release never runs on the test runtime. */
export function refusal(): string | undefined {
  if (GLADSTONE_FLAVOUR === 'release' && onTestRuntime()) {
    return `This is a release of Gladstone on Electron ${process.versions.electron}, which is not the runtime it was made for.`;
  }
  return undefined;
}

/** Every flavour but the release is labelled, and keeps apart from it by its name. */
export function label(): void {
  if (GLADSTONE_FLAVOUR === 'test') app.setName('Gladstone Test');
  if (GLADSTONE_FLAVOUR === 'development') app.setName('Gladstone Development');
}

/** Tests and demonstrations keep a profile of their own; a release always uses the user's. */
export function chooseProfile(): void {
  const chosen = process.env['GLADSTONE_PROFILE'];
  if (GLADSTONE_FLAVOUR !== 'release' && chosen !== undefined && chosen !== '')
    app.setPath('userData', chosen);
}

/**
 * How the engine looks for garbage in the window. One helper instead of three: on a practice's two cores they would
 * take the core from the page that a person waits for. And 2 s after the last look instead of 8, while nobody waits,
 * so that less of it comes due in the middle of opening a record, and a first load is given back soon.
 */
export function collectGarbageBesideWork(): void {
  app.commandLine.appendSwitch(
    'js-flags',
    '--concurrent-marking-max-worker-num=1 --gc-memory-reducer-start-delay-ms=2000',
  );
}

/**
 * After a key Chromium holds back every other task of the page until it has painted a frame, the answers of the cache
 * worker and of this process among them: whatever a key asks for was shown one frame late, always. Our answers take
 * the page a millisecond or two, so they come at once (docs/decisions/061). A runtime that knows no such feature
 * takes no notice.
 */
export function answerWithinTheFrame(): void {
  const name = 'disable-features';
  const before = app.commandLine.getSwitchValue(name);
  app.commandLine.appendSwitch(name, [before, 'DeferRendererTasksAfterInput'].filter(Boolean).join(','));
}
