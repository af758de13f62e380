/**
 * The page's origin. Never change it: IndexedDB belongs to the origin, and a new one begins with an empty cache.
 */
export const scheme = 'gladstone';
export const host = 'app';
export const origin = `${scheme}://${host}`;
