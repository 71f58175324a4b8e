import { expect, test } from "vitest";
import { NebuliftError } from "../../../../shared/errors.ts";
import { workStore } from "../work.ts";
import { runWork, stopWork } from "./work.ts";

const COPY = { what: "sort", action: "copy", session: null } as const;

test("work is known for as long as it runs, and its value comes back", async () => {
  const running = runWork(COPY, async () => {
    expect(workStore.getState().running).toEqual({ ...COPY, stopping: false });
    return 12;
  });
  expect(await running).toEqual({ value: 12 });
  expect(workStore.getState().running).toBeNull();
});

test("one piece of work runs at a time: another one is not begun", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = runWork(COPY, () => promise);
  let begun = false;
  const second = await runWork({ what: "export", action: null, session: null }, async () => {
    begun = true;
  });
  expect([second, begun]).toEqual([null, false]);
  expect(workStore.getState().running?.what).toBe("sort");
  resolve();
  await first;
});

test("stopping tells main and says so until main has come to a place to stop", async () => {
  const result = runWork(
    COPY,
    (signal) =>
      new Promise<never>((_, fail) => {
        signal.addEventListener("abort", () => fail(new NebuliftError("cancelled", "after 3 of 12")));
        queueMicrotask(() => {
          stopWork();
          expect(workStore.getState().running?.stopping).toBe(true);
        });
      }),
  );
  expect(await result).toMatchObject({ error: { code: "cancelled" } });
  expect(workStore.getState().running).toBeNull();
});

test("a fault comes back as an error with a code, also when it was thrown bare", async () => {
  const result = await runWork(COPY, async () => {
    throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
  });
  expect(result).toMatchObject({ error: { code: "disk-full" } });
});
