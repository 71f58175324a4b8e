import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openStore, type Store } from "./store.ts";

const folder = mkdtempSync(join(tmpdir(), "nebulift-sorts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function open(): Store {
  return openStore({ data: join(folder, "data"), cache: join(folder, "cache") }, { onTrouble: (error) => expect.fail(error.message) });
}

const sort = (session: string) => ({ session, output: `/sorted/${session}`, input: "/night", action: "move" });

test("sorts are found again by session and by age, after a restart and however often they are told", () => {
  const first = open();
  expect(first.sorts.latest()).toEqual([]);
  for (const session of ["20261101-000000000-aaaaaa", "20261103-000000000-aaaaaa", "20261102-000000000-aaaaaa"])
    first.sorts.add(sort(session));
  first.sorts.add(sort("20261102-000000000-aaaaaa"));
  first.close();
  const second = open();
  expect(second.sorts.latest().map(({ session }) => session)).toEqual([
    "20261103-000000000-aaaaaa",
    "20261102-000000000-aaaaaa",
    "20261101-000000000-aaaaaa",
  ]);
  expect(second.sorts.find("20261101-000000000-aaaaaa")).toEqual(sort("20261101-000000000-aaaaaa"));
  expect(second.sorts.find("20261109-000000000-aaaaaa")).toBeNull();
  second.close();
});
