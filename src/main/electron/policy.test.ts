import { describe, expect, test } from "vitest";
import { contentSecurityPolicy, isOwnPage, mayLoad, mayUse, securityHeaders } from "./policy.ts";

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

describe("what Chromium may load", () => {
  const addresses = [
    "nebulift://app/index.html",
    "nebulift://app.example.invalid/",
    "https://example.invalid/",
    "wss://example.invalid/",
    "file:///etc/passwd",
    "data:text/html,x",
    "http://localhost:5173/@vite/client",
    "ws://localhost:5173/",
    "http://localhost:51730/",
    "no address",
  ];
  test("in a build nothing but our own", () => {
    expect(addresses.filter((address) => mayLoad(address, null))).toEqual(["nebulift://app/index.html"]);
  });
  test("while developing also Vite's server", () => {
    expect(addresses.filter((address) => mayLoad(address, "http://localhost:5173"))).toEqual([
      "nebulift://app/index.html",
      "http://localhost:5173/@vite/client",
      "ws://localhost:5173/",
    ]);
  });
});
