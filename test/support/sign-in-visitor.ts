/**
 * Stands in for the person at the browser: follows the service's sign-in page over HTTP, with its cookies, fills in
 * the demonstration account's name and password, and goes where it is sent, the loopback address included.
 */
export function visitor(username: string, password: string): (url: string) => Promise<void> {
  return async (url) => {
    const cookies = new Map<string, string>();
    const go = async (address: string, init: RequestInit = {}): Promise<Response> => {
      const response = await fetch(address, {
        ...init,
        redirect: 'manual',
        headers: {
          ...(init.headers as Record<string, string> | undefined),
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        },
      });
      for (const line of response.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        const at = pair.indexOf('=');
        cookies.set(pair.slice(0, at), pair.slice(at + 1));
      }
      const location = response.headers.get('location');
      if (location === null) return response;
      await response.body?.cancel();
      return await go(new URL(location, address).href);
    };
    const page = await go(url);
    const html = await page.text();
    const action = /action="([^"]+)"/.exec(html)?.[1];
    if (action === undefined) throw new Error(`no sign-in page at ${url}`);
    await go(new URL(action, url).href, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ username, password }).toString(),
    });
  };
}
