/** A crashed window reopens at most this often within the span; then a plain page says what to do. */
const reopenLimit = 3;
const reopenSpanMs = 5 * 60_000;

/** Times are milliseconds of one clock. Answers the new history and whether to reopen. */
export function afterCrash(
  history: readonly number[],
  now: number,
): { readonly history: readonly number[]; readonly reopen: boolean } {
  const recent = [...history.filter((time) => now - time < reopenSpanMs), now];
  return { history: recent, reopen: recent.length <= reopenLimit };
}
