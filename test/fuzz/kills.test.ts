import { expect, test } from "vitest";
import { killStore } from "./kills.ts";

test("a store whose writer is killed, and whose file is damaged at times, has every decision that was said to be kept", async () => {
  const { rounds, acknowledged, faults } = await killStore(25, 7);
  expect(faults).toEqual([]);
  expect(rounds).toBe(25);
  expect(acknowledged).toBeGreaterThan(20);
});
