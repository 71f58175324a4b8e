import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NebuliftError } from "../../shared/errors.ts";
import { type PictureRequest, pictureAddress } from "../../shared/picture-address.ts";
import { answerProtocol, type ProtocolParts } from "./protocol.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "protocol-"));
  await mkdir(join(folder, "out", "assets"), { recursive: true });
  await mkdir(join(folder, "out-evil"));
  await writeFile(join(folder, "out", "index.html"), '<html lang="en" data-theme="dark"></html>');
  await writeFile(join(folder, "out", "assets", "a.js"), "1");
  await writeFile(join(folder, "out", "assets", "a.js.map"), "{}");
  await writeFile(join(folder, "out-evil", "a.js"), "2");
  await writeFile(join(folder, "secret.js"), "3");
});
afterAll(() => rm(folder, { recursive: true }));

const JPEG = new Uint8Array([0xff, 0xd8, 0xff]);

function answer(own: Partial<ProtocolParts> = {}) {
  return answerProtocol({
    root: join(folder, "out"),
    devServer: null,
    theme: () => "night",
    fetch: () => Promise.reject(new Error("no network here")),
    picture: async ({ id }) => (id === "ab12-3" ? { jpeg: JPEG, scale: 1 } : null),
    ...own,
  });
}

const get = (path: string, init?: RequestInit) => new Request(`nebulift://app${path}`, init);

describe("the app's scheme", () => {
  test("serves the page with the user's theme in its first bytes, under the policy", async () => {
    const response = await answer()(get("/"));
    expect(await response.text()).toContain('data-theme="night"');
    expect(response.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
    expect(response.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
  });

  test("serves files of known kinds", async () => {
    const response = await answer()(get("/assets/a.js"));
    expect([response.status, response.headers.get("Content-Type")]).toEqual([200, "text/javascript; charset=utf-8"]);
  });

  test.each([
    "/nothing.js",
    "/assets/a.js.map",
    "/assets",
    "/%2e%2e/secret.js",
    "/..%2fsecret.js",
    "/assets/..%2f..%2fsecret.js",
    "/..%2fout-evil%2fa.js",
    "/..%5csecret.js",
    "/%00a.js",
    "/%E0%A4%A",
    "//etc/passwd",
  ])("has no %s", async (path) => {
    const response = await answer()(get(path));
    expect(response.status).toBe(404);
    expect(response.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
  });

  test("knows no other host and no other method", async () => {
    expect((await answer()(new Request("nebulift://evil/index.html"))).status).toBe(404);
    expect((await answer()(get("/", { method: "POST", body: "x" }))).status).toBe(405);
  });

  test("serves pictures by what their address asks for, with their scale where it matters", async () => {
    const asked: PictureRequest[] = [];
    const serve = answer({
      picture: async (request) => {
        asked.push(request);
        return { jpeg: JPEG, scale: request.what.kind === "crop" ? 0.5 : null };
      },
    });
    const requests: PictureRequest[] = [
      { id: "ab12-3", what: { kind: "whole", width: 1400 }, stretch: "night", version: 4 },
      { id: "ab12-3", what: { kind: "crop", x: 10, y: 20, width: 300, height: 200 }, stretch: "frame", version: 0 },
      { id: "ab12-3", what: { kind: "corners", side: 256 }, stretch: "night", version: 4 },
    ];
    const scales: (string | null)[] = [];
    for (const request of requests) {
      const response = await serve(get(pictureAddress(request)));
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(JPEG);
      expect(response.headers.get("Content-Type")).toBe("image/jpeg");
      expect(response.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
      scales.push(response.headers.get("X-Scale"));
    }
    expect(asked).toEqual(requests);
    expect(scales).toEqual([null, "0.5", null]);
  });

  test.each([
    "/picture/whole/ab12-4?w=800&s=night&v=0",
    "/picture/whole/..%2f..%2fetc%2fpasswd?w=800&s=night&v=0",
    "/picture/whole/ab12-3?w=wide&s=night&v=0",
    "/picture/whole/ab12-3",
    "/picture/",
    "/preview/ab12-3?w=800",
  ])("has no picture %s", async (path) => {
    expect((await answer()(get(path))).status).toBe(404);
  });

  test("tells the one who makes a picture that nobody waits any more", async () => {
    const leave = new AbortController();
    const heard = Promise.withResolvers<boolean>();
    const serve = answer({
      picture: (_request, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            heard.resolve(true);
            reject(new NebuliftError("cancelled", ""));
          });
        }),
    });
    const waiting = serve(get("/picture/whole/ab12-3?w=800&s=night&v=0", { signal: leave.signal }));
    leave.abort();
    expect(await heard.promise).toBe(true);
    expect((await waiting).status).toBe(422);
  });

  test("says why a picture could not be made", async () => {
    const serve = answer({ picture: () => Promise.reject(new NebuliftError("truncated", "12 of 31 MB")) });
    const response = await serve(get("/picture/whole/ab12-3?w=800&s=night&v=0"));
    expect(response.status).toBe(422);
    expect(await response.text()).toContain("ends before its image does");
  });
});
