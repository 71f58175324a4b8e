import { expect, test } from "vitest";
import { byteSize } from "./byte-size.ts";

test("sizes read as on a drive's label", () => {
  expect(byteSize(0)).toBe("0 bytes");
  expect(byteSize(640)).toBe("640 bytes");
  expect(byteSize(2880)).toBe("3 kB");
  expect(byteSize(52_428_800)).toBe("52.4 MB");
  expect(byteSize(640_000_000)).toBe("640 MB");
  expect(byteSize(18_240_000_000)).toBe("18.2 GB");
  expect(byteSize(4_000_000_000_000)).toBe("4.0 TB");
});

test("sizes step to the next unit before they would print as a thousand", () => {
  expect(byteSize(999_600)).toBe("1.0 MB");
  expect(byteSize(999_960_000)).toBe("1.0 GB");
  expect(byteSize(99_970_000)).toBe("100 MB");
});
