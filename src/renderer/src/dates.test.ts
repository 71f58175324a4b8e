import { describe, expect, test } from "vitest";
import { dayAndHour, dayText, hourText } from "./dates.ts";

const now = Date.UTC(2026, 10, 28, 19, 30);

describe("days and hours", () => {
  test("are counted by the calendar, not by 24 hours", () => {
    expect(dayText(Date.UTC(2026, 10, 28, 0, 1), now, "UTC")).toBe("today");
    expect(dayText(Date.UTC(2026, 10, 27, 23, 59), now, "UTC")).toBe("yesterday");
    expect(dayText(Date.UTC(2026, 10, 27, 0, 0), now, "UTC")).toBe("yesterday");
    expect(dayText(Date.UTC(2026, 10, 26, 23, 59), now, "UTC")).toBe("Nov 26");
  });

  test("say the year only where it is another one", () => {
    expect(dayText(Date.UTC(2025, 10, 27), now, "UTC")).toBe("Nov 27, 2025");
  });

  test("follow the time zone of the computer", () => {
    const late = Date.UTC(2026, 10, 27, 23, 14);
    expect(dayText(late, now, "Europe/Vienna")).toBe("today");
    expect(hourText(late, "Europe/Vienna")).toBe("00:14");
  });

  test("read as a sentence", () => {
    expect(dayAndHour(Date.UTC(2026, 10, 26, 2, 14), now, "UTC")).toBe("on Nov 26 at 02:14");
    expect(dayAndHour(Date.UTC(2026, 10, 28, 2, 4), now, "UTC")).toBe("today at 02:04");
  });
});
