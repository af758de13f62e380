/** A UUID for a resource, a group or a draft made on this screen. */
export function newId(): string {
  return crypto.randomUUID();
}
