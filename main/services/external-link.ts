/**
 * May this address be handed to the system's browser? Only the sign-in of the configured service's issuer and the
 * NHS's own pages; never another scheme, never an address with a password in it.
 */
export function mayOpenExternally(address: string, signInOrigins: ReadonlySet<string>): boolean {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return false;
  }
  if (url.username !== '' || url.password !== '') return false;
  const loopback = url.hostname === '127.0.0.1' || url.hostname === 'localhost' || url.hostname === '[::1]';
  if (url.protocol === 'http:' && !loopback) return false;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return false;
  if (signInOrigins.has(url.origin)) return true;
  return url.protocol === 'https:' && (url.hostname === 'www.nhs.uk' || url.hostname.endsWith('.nhs.uk'));
}
