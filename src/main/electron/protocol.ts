import { readFile } from "node:fs/promises";
import { extname, isAbsolute, relative, resolve, sep } from "node:path";
import type { Theme } from "../../shared/desktop-settings.ts";
import { toNebuliftError } from "../../shared/errors.ts";
import { type PictureRequest, readPictureAddress } from "../../shared/picture-address.ts";
import { isOwnPage, securityHeaders } from "./policy.ts";

/** Closed: a file of another kind is not part of the window and is not served. */
const CONTENT_TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

export interface ProtocolParts {
  /** The folder of the built window. */
  root: string;
  /** Vite's server while developing, else null. */
  devServer: string | null;
  theme: () => Theme;
  /** A JPEG and how many of its pixels make a sensor pixel, where that matters; null when no open night has such a frame. */
  picture: (request: PictureRequest, signal: AbortSignal) => Promise<{ jpeg: Uint8Array; scale: number | null } | null>;
  /** Fetches from the dev server. */
  fetch: (url: string) => Promise<Response>;
}

/** Answers requests of our scheme: the window's own files, and pictures of frames (picture-address.ts). Nothing else exists. */
export function answerProtocol(parts: ProtocolParts): (request: Request) => Promise<Response> {
  const headers = securityHeaders(parts.devServer);
  const refuse = (status: number, text: string) =>
    new Response(text, { status, headers: { ...headers, "Content-Type": "text/plain; charset=utf-8" } });

  return async (request) => {
    if (!isOwnPage(request.url)) return refuse(404, "not found");
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "only GET");
    const url = new URL(request.url);
    if (url.pathname.startsWith("/picture/")) return answerPicture(parts, headers, refuse, url, request.signal);
    const name = url.pathname === "/" ? "/index.html" : url.pathname;
    if (parts.devServer !== null) return fromDevServer(parts, headers, name + url.search);
    const file = insideRoot(parts.root, name);
    const type = file === null ? undefined : CONTENT_TYPES[extname(file)];
    if (file === null || type === undefined) return refuse(404, "not found");
    const bytes = await readFile(file).catch(() => null);
    if (bytes === null) return refuse(404, "not found");
    // Vite names all but the page itself by content, so only the page can grow old.
    const caching = type.startsWith("text/html") ? "no-store" : "max-age=31536000, immutable";
    const body = type.startsWith("text/html") ? withTheme(bytes.toString("utf8"), parts.theme()) : new Uint8Array(bytes);
    return new Response(body, { headers: { ...headers, "Content-Type": type, "Cache-Control": caching } });
  };
}

async function answerPicture(
  parts: ProtocolParts,
  headers: Record<string, string>,
  refuse: (status: number, text: string) => Response,
  url: URL,
  signal: AbortSignal,
): Promise<Response> {
  const request = readPictureAddress(url);
  if (request === null) return refuse(404, "not found");
  try {
    const picture = await parts.picture(request, signal);
    if (picture === null) return refuse(404, "not found");
    const { jpeg, scale } = picture;
    const about: Record<string, string> = scale === null ? {} : { "X-Scale": String(scale) };
    // An id belongs to one night of one run of the app, so its picture can be kept that long.
    const caching = "private, max-age=3600, immutable";
    return new Response(new Uint8Array(jpeg), {
      headers: { ...headers, ...about, "Content-Type": "image/jpeg", "Cache-Control": caching },
    });
  } catch (error) {
    return refuse(422, toNebuliftError(error).message);
  }
}

/**
 * The theme is in the page's first bytes, so that no white frame is ever painted on a dark-adapted eye. It is read again
 * at every load, because a theme belongs to the user and not to the build.
 */
function withTheme(html: string, theme: Theme): string {
  return html.replace(/data-theme="[a-z]*"/, `data-theme="${theme}"`);
}

/** The file of this name under root, or null when the name leads out of it. */
function insideRoot(root: string, name: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(name);
  } catch {
    return null;
  }
  if (decoded.includes("\0") || decoded.includes("\\")) return null;
  const file = resolve(root, `.${decoded}`);
  const way = relative(root, file);
  return way === "" || way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way) ? null : file;
}

async function fromDevServer(parts: ProtocolParts, headers: Record<string, string>, name: string): Promise<Response> {
  const response = await parts.fetch(`${parts.devServer}${name}`);
  const type = response.headers.get("Content-Type") ?? "text/plain";
  const body = type.startsWith("text/html") ? withTheme(await response.text(), parts.theme()) : await response.arrayBuffer();
  return new Response(body, { status: response.status, headers: { ...headers, "Content-Type": type, "Cache-Control": "no-store" } });
}
