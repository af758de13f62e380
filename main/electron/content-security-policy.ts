/**
 * No network from the renderer: `connect-src 'none'` stands on every response, the worker's script included.
 * Development alone adds the reload socket, and a nonce for the styles and the script that Vite puts into the page.
 */
function contentSecurityPolicy(developmentServer: string | undefined): string {
  const development = developmentServer !== undefined;
  const nonce = development ? " 'nonce-development'" : '';
  return [
    "default-src 'none'",
    `script-src 'self'${nonce}`,
    `style-src 'self'${nonce}`,
    "img-src 'self'",
    "font-src 'self'",
    "worker-src 'self'",
    development ? `connect-src ${developmentServer.replace(/^http/, 'ws')}` : "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}

/** Sent with every answer of the custom scheme. */
export function securityHeaders(developmentServer: string | undefined): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(developmentServer),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), bluetooth=()',
  };
}
