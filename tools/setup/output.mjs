/** What set-up says to a person: one line a step, in plain words. */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Runs one step and says how long it took when that was noticeable. */
export async function step(title, work) {
  const begun = Date.now();
  const outcome = await work((detail) => say(`  ${title}: ${detail}`));
  const seconds = (Date.now() - begun) / 1000;
  say(`✓ ${title}${outcome ? `: ${outcome}` : ''}${seconds >= 1 ? ` (${seconds.toFixed(1)} s)` : ''}`);
}

/** A failure that a person can do something about: what could not be had, and what to do. */
export class SetupProblem extends Error {
  constructor(what, remedy) {
    super(`${what}\n  What to do: ${remedy}`);
    this.name = 'SetupProblem';
  }
}
