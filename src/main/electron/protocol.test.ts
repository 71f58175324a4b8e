import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NebuliftError } from "../../shared/errors.ts";
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
    preview: async (id) => (id === "ab12-3" ? JPEG : null),
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

  test("serves pictures by a frame's id, in a width within bounds", async () => {
    const asked: number[] = [];
    const serve = answer({
      preview: async (_id, { width }) => {
        asked.push(width);
        return JPEG;
      },
    });
    for (const width of ["", "?w=800", "?w=1", "?w=1000000"]) {
      const response = await serve(get(`/preview/ab12-3${width}`));
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(JPEG);
      expect(response.headers.get("Content-Type")).toBe("image/jpeg");
    }
    expect(asked).toEqual([1400, 800, 64, 4096]);
  });

  test.each(["/preview/ab12-4", "/preview/..%2f..%2fetc%2fpasswd", "/preview/%2Fetc%2Fpasswd", "/preview/ab12-3?w=wide", "/preview/"])(
    "has no picture %s",
    async (path) => {
      expect((await answer()(get(path))).status).toBe(404);
    },
  );

  test("says why a picture could not be made", async () => {
    const serve = answer({ preview: () => Promise.reject(new NebuliftError("truncated", "12 of 31 MB")) });
    const response = await serve(get("/preview/ab12-3"));
    expect(response.status).toBe(422);
    expect(await response.text()).toContain("ends before its image does");
  });
});
