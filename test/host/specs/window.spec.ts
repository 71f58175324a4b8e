import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { EVENT_NAMES, METHOD_NAMES } from "../../../src/shared/channels.ts";
import { launchApp, type RunningApp } from "../launch.ts";

describe("the window", () => {
  let app: RunningApp;
  before(async () => {
    app = await launchApp();
  });
  after(() => app.close());

  test("opens on an invitation to drop a night", async () => {
    assert.equal(await app.page.title(), "Nebulift");
    assert.equal(await app.page.locator("h1").textContent(), "Drop a night here");
  });

  test("asks Electron for a sandboxed, isolated page without Node, and hides itself until painted", () => {
    const { webPreferences, show, backgroundColor } = app.window.options as Record<string, never>;
    assert.deepEqual(
      { ...(webPreferences as object), preload: undefined },
      {
        preload: undefined,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
        disableDialogs: true,
      },
    );
    assert.equal(show, false);
    assert.equal(backgroundColor, "#161616");
  });

  test("offers the page exactly the contract", async () => {
    const shape = await app.page.evaluate(() => {
      const api = window.nebulift;
      return { top: Object.keys(api), call: Object.keys(api.call), on: Object.keys(api.on) };
    });
    assert.deepEqual(shape.top.sort(), ["abort", "call", "dropped", "on"]);
    assert.deepEqual(shape.call.sort(), [...METHOD_NAMES].sort());
    assert.deepEqual(shape.on.sort(), [...EVENT_NAMES].sort());
  });

  test("has a handler for each method of the contract and no more", () => {
    const calls = [...app.host.handlers.keys()].filter((channel) => channel.startsWith("nebulift:call:"));
    assert.deepEqual(calls.map((channel) => channel.slice("nebulift:call:".length)).sort(), [...METHOD_NAMES].sort());
    assert.deepEqual(
      [...app.host.handlers.keys()].filter((channel) => !calls.includes(channel)),
      ["nebulift:drop"],
    );
  });

  test("shows the page no Node, no Electron, and no global but its own", async () => {
    const seen = await app.page.evaluate(async () => {
      const clean = document.createElement("iframe");
      document.body.append(clean);
      const known = new Set(Object.getOwnPropertyNames(clean.contentWindow ?? {}));
      clean.remove();
      const names = ["require", "process", "module", "Buffer", "global", "electron", "ipcRenderer", "hostToMain"];
      return {
        leaked: names.filter((name) => name in window),
        extra: Object.getOwnPropertyNames(window).filter((name) => !known.has(name) && !/^\d+$/.test(name)),
      };
    });
    assert.deepEqual(seen.leaked, []);
    assert.deepEqual(
      seen.extra.filter((name) => !name.startsWith("__playwright")),
      ["nebulift"],
    );
  });

  test("cannot have its bridge replaced", async () => {
    const kept = await app.page.evaluate(() => {
      const before = window.nebulift.call["app.info"];
      try {
        Object.assign(window.nebulift.call, { "app.info": () => null });
      } catch {
        return "threw";
      }
      return window.nebulift.call["app.info"] === before;
    });
    assert.ok(kept === "threw" || kept === true);
  });

  test("is served under a policy that stops inline and foreign scripts, styles, frames and connections", async () => {
    const policy = await app.page.evaluate(async () => (await fetch("/")).headers.get("Content-Security-Policy"));
    assert.match(policy ?? "", /default-src 'none'/);
    assert.doesNotMatch(policy ?? "", /unsafe/);
    const got = await app.page.evaluate(async () => {
      const script = document.createElement("script");
      script.textContent = "window.hacked = 1";
      document.head.append(script);
      const style = document.createElement("style");
      style.textContent = "body { outline: 9px solid lime }";
      document.head.append(style);
      const frame = document.createElement("iframe");
      frame.src = "https://example.invalid/";
      document.body.append(frame);
      // In a turn of its own, because the debugger lifts the policy for the code it evaluates itself.
      const evaluated = await new Promise((done) => {
        setTimeout(() => {
          try {
            done(new Function("return 1")());
          } catch {
            done("blocked");
          }
        });
      });
      const connected = await fetch("https://example.invalid/").then(
        () => "connected",
        () => "blocked",
      );
      const outline = getComputedStyle(document.body).outlineStyle;
      for (const element of [script, style, frame]) element.remove();
      return { hacked: "hacked" in window, evaluated, connected, outline };
    });
    assert.deepEqual(got, { hacked: false, evaluated: "blocked", connected: "blocked", outline: "none" });
  });

  for (const target of [
    "https://example.invalid/?next=nebulift://app/",
    "file:///etc/passwd",
    "data:text/html,gone",
    "nebulift://app.example.invalid/",
  ]) {
    test(`stays where it is when told to go to ${target}`, async () => {
      await app.page.evaluate((url) => {
        const link = document.createElement("a");
        link.href = url;
        document.body.append(link);
        link.click();
        link.remove();
      }, target);
      await app.page.waitForTimeout(150);
      assert.match(app.page.url(), /^https:\/\/nebulift\.localhost\//);
      assert.equal(await app.page.locator("h1").textContent(), "Drop a night here");
    });
  }

  test("opens no further window", async () => {
    // Chromium opens the page before anybody can be asked, so that it is shut again at once is what shows the denial.
    const opened = app.page.context().waitForEvent("page");
    await app.page.evaluate(() => {
      window.open("https://example.invalid/", "_blank");
    });
    const popup = await opened;
    if (!popup.isClosed()) await popup.waitForEvent("close", { timeout: 10_000 });
    assert.equal(app.page.context().pages().length, 1);
  });

  test("grants no permission", async () => {
    for (const permission of ["media", "geolocation", "notifications", "clipboard-read", "openExternal", "fileSystem", "hid", "usb"]) {
      let granted: boolean | null = null;
      app.host.permissionRequest?.({}, permission, (answer) => {
        granted = answer;
      });
      assert.equal(granted, false, permission);
      assert.equal(app.host.permissionCheck?.(null, permission, "nebulift://app", {}), false, permission);
    }
  });

  test("is refused on channels that the contract does not know", async () => {
    const refused = await app.page.evaluate(() => Object.hasOwn(window.nebulift.call, "app.eval"));
    assert.equal(refused, false);
    assert.equal(app.host.handlers.has("nebulift:call:app.eval"), false);
  });

  test("cannot open a folder that nobody picked", async () => {
    const reply = await app.page.evaluate(() => window.nebulift.call["night.open"]({ paths: ["/etc"], watch: false }, null));
    assert.deepEqual([reply.ok, reply.ok ? null : reply.error.code], [false, "folder-unreadable"]);
  });

  test("gets a malformed call back as an error and not as an exception", async () => {
    const reply = await app.page.evaluate(() => window.nebulift.call["settings.set"]({ theme: "pink" } as never, null));
    assert.equal(reply.ok, false);
  });

  test("gives no path for a file that script made up", async () => {
    const reply = await app.page.evaluate(() =>
      window.nebulift.dropped([new File(["x"], "/etc/passwd")]).then(
        (answer) => answer.ok,
        () => false,
      ),
    );
    assert.equal(reply, false);
  });

  test("never asked for anything outside but what these tests made it ask for", () => {
    assert.deepEqual(
      [...new Set(app.host.outside.map((url) => new URL(url).host))].filter((host) => host !== "example.invalid"),
      [],
    );
  });
});
