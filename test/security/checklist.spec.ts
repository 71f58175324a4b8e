import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { EVENT_NAMES, METHOD_NAMES } from "../../src/shared/channels.ts";
import { launchApp, type RunningApp } from "../host/launch.ts";
import { StartPage } from "../host/pages/start-page.ts";

/** docs/security.md, line by line, on the built app; the numbers in the tests' names are its numbers. */

const PRELOAD = fileURLToPath(new URL("../../out/preload/", import.meta.url));

describe("the security checklist", () => {
  let app: RunningApp;
  before(async () => {
    // A packaged app must not listen to this one.
    process.env["ELECTRON_RENDERER_URL"] = "http://example.invalid:5173";
    app = await launchApp();
  });
  after(() => app.close());

  const fetched = (path: string, init: { method?: string; body?: string } = {}) =>
    app.page.evaluate(
      async ([where, how]) => {
        const response = await fetch(where, how);
        return { status: response.status, headers: Object.fromEntries(response.headers), text: (await response.text()).slice(0, 200) };
      },
      [path, init] as const,
    );

  test("security 1: the page is sandboxed and isolated, without Node, and the sandbox holds for every process", () => {
    const { webPreferences } = app.window.options;
    assert.deepEqual(
      { ...webPreferences, preload: undefined },
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
    const { steps } = app.host;
    assert.ok(steps.indexOf("enableSandbox") >= 0 && steps.indexOf("enableSandbox") < steps.indexOf("ready"), steps.join(", "));
  });

  test("security 2: the preload is one CommonJS file that asks for nothing but Electron", () => {
    const { preload } = app.window.options.webPreferences;
    assert.match(preload, /\.cjs$/);
    if (!existsSync(PRELOAD)) return assert.fail("no built preload");
    assert.deepEqual(
      readdirSync(PRELOAD).filter((name) => !name.endsWith(".map")),
      ["index.cjs"],
    );
    const source = readFileSync(preload, "utf8");
    const asked = [...source.matchAll(/\brequire\(\s*["'`]([^"'`]+)["'`]\s*\)/g)].map(([, name]) => name);
    assert.deepEqual([...new Set(asked)], ["electron"]);
    assert.doesNotMatch(source, /^\s*(import|export)\b|\bimport\(|\bprocess\.|\bBuffer\b|\beval\(|new Function/m);
    assert.ok(source.length < 20_000, `${source.length} characters: schemas or libraries came along`);
  });

  test("security 3: the window comes from the app's own scheme, privileged before ready, never from a file or a server", () => {
    const { steps, privileges } = app.host;
    assert.ok(steps.indexOf("registerSchemesAsPrivileged") < steps.indexOf("ready"));
    assert.deepEqual(
      privileges.map(({ scheme }) => scheme),
      ["nebulift"],
    );
    const rights = privileges[0]?.privileges ?? {};
    assert.deepEqual(
      [rights["standard"], rights["secure"], rights["bypassCSP"], rights["allowServiceWorkers"]],
      [true, true, undefined, undefined],
    );
    assert.deepEqual([...app.host.schemes.keys()], ["nebulift"]);
    assert.match(app.page.url(), /^https:\/\/nebulift\.localhost\//);
  });

  for (const path of [
    "/../../package.json",
    "/..%2f..%2fpackage.json",
    "/assets/..%2f..%2f..%2fpackage.json",
    "/..%2fpreload%2findex.cjs",
    "//etc/passwd",
    "/%00",
    "/index.html%00.js",
    "/assets/",
    "/index.js.map",
  ]) {
    test(`security 3: nothing outside the window's folder is served: ${path}`, async () => {
      const { status, text } = await fetched(`https://nebulift.localhost${path}`);
      assert.equal(status, 404);
      assert.equal(text, "not found");
    });
  }

  test("security 4: every answer carries the policy, errors and pictures too", async () => {
    const sheet = await app.page.locator("link[rel=stylesheet]").first().getAttribute("href");
    for (const path of [
      "/",
      sheet ?? "",
      "/nothing.js",
      "/picture/whole/ab12cd34-0?w=800&s=night&v=0",
      "/picture/crop/x",
      "/..%2f..%2fpackage.json",
    ]) {
      const { headers } = await fetched(path);
      const policy = headers["content-security-policy"] ?? "";
      for (const part of [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
      ])
        assert.ok(policy.split("; ").includes(part), `${path}: ${part} is not in ${policy}`);
      assert.doesNotMatch(policy, /unsafe|data:|blob:|http|\*/, path);
      assert.equal(headers["x-content-type-options"], "nosniff", path);
      assert.equal(headers["referrer-policy"], "no-referrer", path);
    }
    const { status, headers } = await fetched("/", { method: "POST", body: "x" });
    assert.equal(status, 405);
    assert.match(headers["content-security-policy"] ?? "", /default-src 'none'/);
  });

  test("security 4: inline and evaluated script, styles, frames, workers, plugins and connections are stopped", async () => {
    const got = await app.page.evaluate(async () => {
      const add = (name: string, fill: (element: HTMLElement) => void) => {
        const element = document.createElement(name);
        fill(element);
        document.body.append(element);
        return element;
      };
      const set = (values: Record<string, string>) => (element: HTMLElement) => {
        for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
      };
      const made = [
        add("script", (element) => {
          element.textContent = "window.hacked = 1";
        }),
        add("style", (element) => {
          element.textContent = "body { outline: 9px solid lime }";
        }),
        add("button", set({ onclick: "window.hacked = 2" })),
        add("img", set({ src: "x", onerror: "window.hacked = 3" })),
        add("script", set({ src: "data:text/javascript,window.hacked = 4" })),
        add("script", set({ src: "https://example.invalid/hacked.js" })),
        add("iframe", set({ src: "https://example.invalid/" })),
        add("iframe", set({ srcdoc: "<script>parent.hacked = 5</script>" })),
        add("object", set({ data: "https://example.invalid/x.swf" })),
        add("embed", set({ src: "https://example.invalid/x.pdf" })),
        add("img", set({ src: "https://example.invalid/seen.png" })),
        add("link", set({ rel: "stylesheet", href: "https://example.invalid/x.css" })),
        add("link", set({ rel: "prefetch", href: "https://example.invalid/fetched" })),
      ];
      made[2]?.click();
      // In turns of their own, because the debugger lifts the policy for the code it evaluates itself.
      const later = <T>(work: () => T) =>
        new Promise<T | "blocked">((done) =>
          setTimeout(() => {
            try {
              done(work());
            } catch {
              done("blocked");
            }
          }),
        );
      const evaluated = [await later(() => new Function("return 1")()), await later(() => Reflect.get(window, "eval")("1"))];
      const worker = await later(() => new Worker("data:text/javascript,1"));
      const working =
        worker === "blocked"
          ? "blocked"
          : await new Promise((done) => {
              worker.onerror = () => done("blocked");
              worker.onmessage = () => done("works");
              setTimeout(() => done("silent"), 300);
            });
      const reached = async (work: () => Promise<unknown>) =>
        work().then(
          () => "reached",
          () => "blocked",
        );
      const connections = await Promise.all([
        reached(() => fetch("https://example.invalid/")),
        reached(() => navigator.serviceWorker?.register("/sw.js") ?? Promise.reject(new Error("none"))),
        reached(
          () =>
            new Promise((done, fail) => {
              const socket = new WebSocket("wss://example.invalid/");
              socket.onopen = done;
              socket.onerror = fail;
            }),
        ),
        reached(
          () =>
            new Promise((done, fail) => {
              const source = new EventSource("https://example.invalid/");
              source.onopen = done;
              source.onerror = fail;
            }),
        ),
      ]);
      const beacon = navigator.sendBeacon("https://example.invalid/", "x");
      await new Promise((done) => setTimeout(done, 200));
      const outline = getComputedStyle(document.body).outlineStyle;
      for (const element of made) element.remove();
      return { hacked: Reflect.get(window, "hacked") ?? null, evaluated, working: working !== "works", connections, outline, beacon };
    });
    assert.deepEqual(
      { ...got, beacon: null },
      {
        hacked: null,
        evaluated: ["blocked", "blocked"],
        working: true,
        connections: ["blocked", "blocked", "blocked", "blocked"],
        outline: "none",
        beacon: null,
      },
    );
    // What the policy stops never becomes a request; only navigations do, and those are refused.
    assert.deepEqual(
      app.host.outside.filter((url) => !url.startsWith("https://example.invalid/")),
      [],
    );
  });

  test("security 4: Chromium itself goes and gets nothing from outside, whatever asks for it", () => {
    for (const url of ["https://example.invalid/x", "wss://example.invalid/", "file:///etc/passwd", "ftp://example.invalid/"]) {
      let cancelled: boolean | undefined;
      app.host.beforeRequest?.({ url }, ({ cancel }) => {
        cancelled = cancel;
      });
      assert.equal(cancelled, true, url);
    }
    assert.equal(app.host.switches.get("host-resolver-rules"), "MAP * ~NOTFOUND, EXCLUDE localhost");
    assert.equal(app.window.webContents.webRTCPolicy, "disable_non_proxied_udp");
  });

  test("security 5: no permission is granted, and no device", () => {
    for (const permission of [
      "media",
      "geolocation",
      "notifications",
      "clipboard-read",
      "clipboard-sanitized-write",
      "openExternal",
      "fileSystem",
      "hid",
      "usb",
      "serial",
      "midi",
      "display-capture",
      "pointerLock",
      "idle-detection",
    ]) {
      let granted: boolean | null = null;
      app.host.permissionRequest?.({}, permission, (answer) => {
        granted = answer;
      });
      assert.equal(granted, false, permission);
      assert.equal(app.host.permissionCheck?.(null, permission, "nebulift://app", {}), false, permission);
    }
    assert.equal(app.host.devicePermission?.({ deviceType: "usb" }), false);
  });

  for (const target of [
    "https://example.invalid/?next=nebulift://app/",
    "file:///etc/passwd",
    "data:text/html,gone",
    "nebulift://app.example.invalid/",
    "javascript:document.body.textContent='gone'",
  ]) {
    test(`security 5: the page stays where it is when told to go to ${target}`, async () => {
      await app.page.evaluate((url) => {
        const link = document.createElement("a");
        link.href = url;
        document.body.append(link);
        link.click();
        link.remove();
      }, target);
      await app.page.waitForTimeout(150);
      assert.match(app.page.url(), /^https:\/\/nebulift\.localhost\//);
      assert.equal(await new StartPage(app.page).headline(), "Drop a night here");
    });
  }

  test("security 5: navigation, redirection and embedding away are forbidden in main as well", () => {
    const away = [
      "https://example.invalid/",
      "file:///etc/passwd",
      "nebulift://app.example.invalid/",
      "nebulift://user@app/",
      "about:blank",
      "javascript:1",
    ];
    for (const event of ["will-navigate", "will-frame-navigate", "will-redirect"]) {
      for (const url of away) assert.equal(app.window.webContents.forbids(event, { url }), true, `${event} ${url}`);
      assert.equal(app.window.webContents.forbids(event, { url: "nebulift://app/" }), false, event);
    }
    assert.equal(app.window.webContents.forbids("will-attach-webview", { url: "nebulift://app/" }), true);
  });

  test("security 5: no further window is opened, and nothing is handed to other programs", async () => {
    for (const url of ["https://example.invalid/", "nebulift://app/", "about:blank", "mailto:a@example.invalid"])
      assert.deepEqual(app.window.webContents.openHandler?.({ url }), { action: "deny" });
    // Chromium opens the page before anybody can be asked, so that it is shut again at once is what shows the denial.
    const opened = app.page.context().waitForEvent("page");
    await app.page.evaluate(() => {
      window.open("https://example.invalid/", "_blank");
    });
    const popup = await opened;
    if (!popup.isClosed()) await popup.waitForEvent("close", { timeout: 10_000 });
    assert.equal(app.page.context().pages().length, 1);
    assert.deepEqual(app.host.openedElsewhere, []);
  });

  test("security 6: a frame inside the page is refused, even with a preload gone bad", async () => {
    await app.page.evaluate(async () => {
      const frame = document.createElement("iframe");
      frame.className = "inner";
      document.body.append(frame);
      await new Promise((done) => setTimeout(done, 100));
    });
    const message = { call: null, input: undefined };
    for (const method of METHOD_NAMES) {
      const { value, error } = await app.window.invokeFrom("inner frame", `nebulift:call:${method}`, message);
      assert.equal(value, undefined);
      assert.match(error ?? "", /not allowed/, method);
    }
    const drop = await app.window.invokeFrom("inner frame", "nebulift:drop", ["/etc"]);
    assert.match(drop.error ?? "", /not allowed/);
    await app.page.evaluate(() => document.querySelector(".inner")?.remove());
  });

  test("security 6: every handler refuses a sender of another origin, a frame inside ours, and one that is gone", async () => {
    const sender = app.window.webContents;
    const strangers = [
      null,
      { url: "https://example.invalid/", parent: null },
      { url: "https://example.invalid/?nebulift://app/", parent: null },
      { url: "nebulift://app.example.invalid/", parent: null },
      { url: "file:///usr/lib/nebulift/index.html", parent: null },
      { url: "about:blank", parent: null },
      { url: "", parent: null },
      { url: "nebulift://app/", parent: { url: "nebulift://app/", parent: null } },
    ];
    for (const [channel, handler] of app.host.handlers) {
      for (const senderFrame of strangers) {
        const asked = Promise.resolve(
          handler({ sender, senderFrame }, channel === "nebulift:drop" ? ["/etc"] : { call: null, input: undefined }),
        );
        await assert.rejects(asked, /^(\w+: )?not allowed$/, `${channel} from ${senderFrame?.url ?? "nobody"}`);
      }
    }
  });

  test("security 6: what does not parse comes back as an error and not as an exception", async () => {
    const reply = await app.page.evaluate(() => window.nebulift.call["settings.set"]({ theme: "pink" } as never, null));
    assert.equal(reply.ok, false);
    const { error, value } = await app.window.invokeFrom("page", "nebulift:call:app.info", "not a call");
    assert.equal(error, undefined);
    assert.equal((value as { ok: boolean }).ok, false);
  });

  test("security 7: no path comes from script, and a folder that nobody picked stays shut", async () => {
    const answered = await app.page.evaluate(async () => {
      const made = [new File(["x"], "/etc/passwd"), { name: "/etc", path: "/etc" } as unknown as File];
      return Promise.all(
        made.map(async (file) => {
          try {
            return (await window.nebulift.dropped([file])).ok;
          } catch {
            return false;
          }
        }),
      );
    });
    assert.deepEqual(answered, [false, false]);
    const reply = await app.page.evaluate(() => window.nebulift.call["night.open"]({ paths: ["/etc"], watch: false }, null));
    assert.deepEqual([reply.ok, reply.ok ? null : reply.error.code], [false, "folder-unreadable"]);
  });

  test("security 11: the page has no Node, no Electron, and no global but its own", async () => {
    const seen = await app.page.evaluate(async () => {
      const clean = document.createElement("iframe");
      document.body.append(clean);
      const known = new Set(Object.getOwnPropertyNames(clean.contentWindow ?? {}));
      clean.remove();
      const names = ["require", "process", "module", "exports", "Buffer", "global", "electron", "ipcRenderer", "hostToMain", "__dirname"];
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

  test("security 11: preload, contract and handlers know the same names", async () => {
    const shape = await app.page.evaluate(() => {
      const api = window.nebulift;
      return { top: Object.keys(api), call: Object.keys(api.call), on: Object.keys(api.on) };
    });
    assert.deepEqual(shape.top.sort(), ["abort", "call", "dropped", "on"]);
    assert.deepEqual(shape.call.sort(), [...METHOD_NAMES].sort());
    assert.deepEqual(shape.on.sort(), [...EVENT_NAMES].sort());
    assert.deepEqual(
      [...app.host.handlers.keys()].sort(),
      [...METHOD_NAMES.map((name) => `nebulift:call:${name}`), "nebulift:drop"].sort(),
    );
    assert.deepEqual(app.host.ipc.eventNames(), ["nebulift:abort"]);
  });

  test("security 11: the bridge cannot be replaced, nor reached behind", async () => {
    const got = await app.page.evaluate(() => {
      const before = window.nebulift.call["app.info"];
      for (const change of [
        () => Object.assign(window.nebulift.call, { "app.info": () => null }),
        () => Object.assign(window, { nebulift: null }),
        () => Object.defineProperty(window, "nebulift", { value: null }),
        () => Reflect.deleteProperty(window, "nebulift"),
      ]) {
        try {
          change();
        } catch {
          // Refused by throwing is refused.
        }
      }
      return window.nebulift.call["app.info"] === before;
    });
    assert.equal(got, true);
  });

  test("security 11: channels that the contract does not know are refused", async () => {
    for (const channel of [
      "nebulift:call:app.eval",
      "nebulift:call:__proto__",
      "nebulift:call:constructor",
      "ELECTRON_BROWSER_REQUIRE",
      "nebulift:event:night.changed",
    ]) {
      const { error } = await app.window.invokeFrom("page", channel, { call: null, input: undefined });
      assert.match(error ?? "", /No handler registered/, channel);
    }
    assert.equal(await app.page.evaluate(() => Object.hasOwn(window.nebulift.call, "app.eval")), false);
  });

  test("a page whose process dies is there again by itself", async () => {
    const dead = app.page;
    const session = await dead.context().newCDPSession(dead);
    void session.send("Page.crash").catch(() => undefined);
    await dead.waitForEvent("crash");
    await assert.doesNotReject(async () => {
      const end = Date.now() + 20_000;
      while (app.page === dead && Date.now() < end) await new Promise((done) => setTimeout(done, 50));
      await app.page.waitForSelector("h1");
    });
    assert.equal(await new StartPage(app.page).headline(), "Drop a night here");
  });

  test("never asked for anything outside but what these tests made it ask for", () => {
    assert.deepEqual(
      [...new Set(app.host.outside.map((url) => new URL(url).host))].filter((host) => host !== "example.invalid"),
      [],
    );
  });
});
