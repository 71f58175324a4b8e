import { describe, expect, it } from "vitest";
import { timeFromKeywords } from "./header-time.ts";
import { Keywords, type KeywordValue } from "./keywords.ts";

function time(entries: Record<string, KeywordValue>, exposure: number | null = 60): string | null {
  const keywords = new Keywords();
  for (const [name, value] of Object.entries(entries)) keywords.add(name, value);
  const result = timeFromKeywords(keywords, exposure);
  return result === null ? null : new Date(result).toISOString();
}

describe("start of the exposure", () => {
  it.each([
    ["2024-04-18T14:49:44.516", "2024-04-18T14:49:44.516Z"],
    ["2024-04-18T14:49:44", "2024-04-18T14:49:44.000Z"],
    ["2024-04-18T14:49", "2024-04-18T14:49:00.000Z"],
    ["2024-04-18 14:49:44", "2024-04-18T14:49:44.000Z"],
    ["2024-04-18T14:49:44Z", "2024-04-18T14:49:44.000Z"],
    ["2017-12-19T20:45:12.339-0700", "2017-12-20T03:45:12.339Z"],
    ["2017-12-19T20:45:12+01:00", "2017-12-19T19:45:12.000Z"],
    ["2017-12-19T00:45:12+02", "2017-12-18T22:45:12.000Z"],
    ["2025-03-27T01:22:59.022187", "2025-03-27T01:22:59.022Z"],
    ["2016-12-31T23:59:60.5", "2017-01-01T00:00:00.500Z"],
    ["2018/10/17 11:51:07 PM", "2018-10-17T23:51:07.000Z"],
    ["18/10/2018T03:51:07", "2018-10-18T03:51:07.000Z"],
  ])("DATE-OBS %s", (text, expected) => {
    expect(time({ "DATE-OBS": text })).toBe(expected);
  });

  it("joins a date with the time of day beside it", () => {
    expect(time({ "DATE-OBS": "2003-04-05", "TIME-OBS": "21:22:23.5" })).toBe("2003-04-05T21:22:23.500Z");
    expect(time({ "DATE-OBS": "11/03/76", UT: "06:51:26" })).toBe("1976-03-11T06:51:26.000Z");
    expect(time({ "DATE-OBS": "05/06/21", UTSTART: "01:02:03" })).toBe("2021-06-05T01:02:03.000Z");
    expect(time({ "DATE-OBS": "2010-01-02", UT: 66025.75 })).toBe("2010-01-02T18:20:25.750Z");
    expect(time({ "DATE-OBS": "2010-01-02", UT: 6.5 })).toBe("2010-01-02T06:30:00.000Z");
  });

  it("falls back to Julian dates, then to the middle and the end", () => {
    expect(time({ "MJD-OBS": 58107.5 })).toBe("2017-12-20T12:00:00.000Z");
    expect(time({ JD: 2458108.25 })).toBe("2017-12-20T18:00:00.000Z");
    expect(time({ "DATE-OBS": "2017-12-20", "MJD-OBS": 58107.25 })).toBe("2017-12-20T06:00:00.000Z");
    expect(time({ "DATE-AVG": "2020-01-01T00:01:00" }, 120)).toBe("2020-01-01T00:00:00.000Z");
    expect(time({ "DATE-END": "2020-01-01T00:02:00" }, 120)).toBe("2020-01-01T00:00:00.000Z");
    expect(time({ "DATE-END": "2020-01-01T00:02:00" }, null)).toBeNull();
  });

  it.each<Record<string, KeywordValue>[]>([
    [{ "DATE-OBS": "2017-12-20" }],
    [{ "DATE-OBS": "2017-13-20T00:00:00" }],
    [{ "DATE-OBS": "2017-02-30T00:00:00" }],
    [{ "DATE-OBS": "0001-01-01T00:00:00" }],
    [{ "DATE-OBS": "2017-12-20T25:00:00" }],
    [{ "DATE-OBS": "yesterday" }],
    [{ "DATE-OBS": 20171220 }],
    [{ "MJD-OBS": 1e300 }],
    [{ "MJD-OBS": 0 }],
    [{}],
  ])("says nothing for %o", (entries) => {
    expect(time(entries)).toBeNull();
  });
});
