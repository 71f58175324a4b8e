import { describe, expect, test } from "vitest";
import { NebuliftError, toNebuliftError } from "./errors.ts";

const system = (code: string, path?: string) =>
  Object.assign(new Error(`${code}: no such file or directory, open '${path}'`), { code, path });

describe("whatever was thrown becomes an error that a user can act on", () => {
  test("a system's error names the place, and not what programmers say of it", () => {
    expect(toNebuliftError(system("ENOENT", "/night/1.fits"))).toMatchObject({ code: "file-missing", detail: "/night/1.fits" });
  });

  test("what is not known keeps its own words", () => {
    expect(toNebuliftError(system("EWEIRD", "/night/1.fits"))).toMatchObject({
      code: "internal",
      detail: expect.stringContaining("EWEIRD"),
    });
    expect(toNebuliftError("a word")).toMatchObject({ code: "internal", detail: "a word" });
  });

  test("one of our own stays as it is", () => {
    const own = new NebuliftError("disk-full", "/night");
    expect(toNebuliftError(own)).toBe(own);
  });
});
