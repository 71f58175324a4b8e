/** What the app's pages may do, in one place without Electron, so that tests can hold every line to it. */

export const SCHEME = "nebulift";
export const ORIGIN = `${SCHEME}://app`;

/** Whether an address is one of our own pages: the scheme and the host, nothing that merely contains them. */
export function isOwnPage(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  return url.protocol === `${SCHEME}:` && url.host === "app" && url.username === "" && url.password === "" && url.port === "";
}

/**
 * The Content-Security-Policy of every page. While developing, Vite needs inline preambles, style elements and a web
 * socket to its server for reloading; `devServer` is that server's origin, null in every build.
 */
export function contentSecurityPolicy(devServer: string | null): string {
  const socket = devServer?.replace(/^http/, "ws");
  const directives: Record<string, string> = {
    "default-src": "'none'",
    "script-src": devServer === null ? "'self'" : "'self' 'unsafe-inline'",
    "style-src": devServer === null ? "'self'" : "'self' 'unsafe-inline'",
    "img-src": devServer === null ? "'self'" : "'self' data:",
    "font-src": "'self'",
    "connect-src": devServer === null ? "'self'" : `'self' ${devServer} ${socket}`,
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
}

/** Headers of every response of our scheme, besides its type. */
export function securityHeaders(devServer: string | null): Record<string, string> {
  return {
    "Content-Security-Policy": contentSecurityPolicy(devServer),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
  };
}

/**
 * Chromium's own network, below what a policy of pages covers (looking names up ahead, WebRTC): it knows no host but this
 * computer, where Vite's server is while developing.
 */
export const HOST_RULES = "MAP * ~NOTFOUND, EXCLUDE localhost";

/** What Chromium may load at all: our own scheme, its built-in pages (DevTools), and Vite's server while developing. */
export function mayLoad(address: string, devServer: string | null): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, origin } = new URL(address);
  if (isOwnPage(address) || protocol === "devtools:") return true;
  return devServer !== null && (origin === devServer || origin === devServer.replace(/^http/, "ws"));
}

/** Pages may use nothing that needs a permission; but while developing, Vite's socket on this computer. */
export function mayUse(permission: string, devServer: string | null): boolean {
  return devServer !== null && (permission === "loopback-network" || permission === "local-network-access");
}
