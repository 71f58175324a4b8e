import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { placesOf } from "./places.ts";

describe("places", () => {
  it("are all below NEBULIFT_HOME where it is set", () => {
    expect(placesOf({ NEBULIFT_HOME: "/x" })).toEqual({ data: "/x", cache: join("/x", "cache"), log: join("/x", "log") });
  });

  it("are the system's own folders otherwise, named after the program alone", () => {
    for (const environment of [{}, { NEBULIFT_HOME: "" }]) {
      const { data, cache, log } = placesOf(environment);
      for (const folder of [data, cache, log]) expect(folder).toMatch(/nebulift(\b|[\\/])/i);
      expect(data).not.toMatch(/nodejs/);
      expect(new Set([data, cache, log]).size).toBe(3);
    }
  });
});
