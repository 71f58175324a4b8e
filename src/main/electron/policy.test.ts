import { describe, expect, test } from "vitest";
import { contentSecurityPolicy, isOwnPage, mayUse, securityHeaders } from "./policy.ts";

describe("whose pages are ours", () => {
  test.each(["nebulift://app/", "nebulift://app/index.html?x#y"])("%s is", (url) => {
    expect(isOwnPage(url)).toBe(true);
  });
  test.each([
    "",
    "about:blank",
    "file:///usr/share/nebulift/index.html",
    "http://nebulift.invalid/",
    "https://example.invalid/nebulift://app/",
    "nebulift://app.example.invalid/",
    "nebulift://example.invalid/app/",
    "nebulift://app:81/",
    "nebulift://user@app/",
    "data:text/html,hello",
  ])("%s is not", (url) => {
    expect(isOwnPage(url)).toBe(false);
  });
});

describe("the Content-Security-Policy", () => {
  test("of a build allows our own files and nothing besides", () => {
    const policy = contentSecurityPolicy(null);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|data:|blob:|http|ws:/);
    for (const name of ["base-uri", "form-action", "frame-ancestors", "object-src"]) expect(policy).toContain(`${name} 'none'`);
  });
  test("opens to the development server only while there is one", () => {
    const policy = contentSecurityPolicy("http://localhost:5173");
    expect(policy).toContain("connect-src 'self' http://localhost:5173 ws://localhost:5173");
    expect(policy).not.toContain("unsafe-eval");
  });
  test("goes with headers that keep types and referrers to themselves", () => {
    expect(securityHeaders(null)).toMatchObject({ "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer" });
  });
});

describe("permissions", () => {
  const asked = [
    "media",
    "geolocation",
    "notifications",
    "clipboard-read",
    "fileSystem",
    "usb",
    "loopback-network",
    "local-network-access",
  ];
  test("none is given in a build", () => {
    expect(asked.filter((permission) => mayUse(permission, null))).toEqual([]);
  });
  test("while developing only the way to Vite's socket is", () => {
    expect(asked.filter((permission) => mayUse(permission, "http://localhost:5173"))).toEqual(["loopback-network", "local-network-access"]);
  });
});
