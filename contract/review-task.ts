/**
 * Tasks that the record service raises when work made apart meets. `Task.code.coding` holds one of these kinds;
 * a Task without an owner stands in the practice's duty queue. `Task.input` names, by {@link reviewInputSystem}:
 *
 * - `sync-conflict`: `conflict-id`, `rule`, `losing-operation`, `current-version`, and `losing-version` (the JSON text
 *   of the version that lost, so that the union shows on devices that are offline).
 * - `combined-safety`: `rule` and each `resource` (`Type/id`) that met.
 * - `record-closed`, `patient-merged`: `save-group`.
 * - `probable-match`: each `resource` (`Patient/id`) that may be the same person.
 */
export type ReviewKind =
  'sync-conflict' | 'combined-safety' | 'record-closed' | 'patient-merged' | 'probable-match';

export const reviewTaskSystem = 'https://gladstone.example/CodeSystem/review-task';
export const reviewInputSystem = 'https://gladstone.example/CodeSystem/review-input';

/** `meta.tag` of work that landed on a record merged into another: code `pre-merge`. */
export const reviewTagSystem = 'https://gladstone.example/CodeSystem/review';
