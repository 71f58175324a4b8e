import { assert, constantFrom, integer, oneof, property, record, string, stringMatching, webUrl } from "fast-check";
import { expect, test } from "vitest";
import { type PictureRequest, pictureAddress, readPictureAddress } from "./picture-address.ts";

const ORIGIN = "nebulift://app";
const read = (address: string): PictureRequest | null => readPictureAddress(new URL(`${ORIGIN}${address}`));

const whole = record({ kind: constantFrom("whole" as const), width: integer({ min: 64, max: 4096 }) });
const corners = record({ kind: constantFrom("corners" as const), side: integer({ min: 64, max: 512 }) });
const place = integer({ min: 0, max: 1_000_000 });
const part = integer({ min: 16, max: 4096 });
const crop = record({ kind: constantFrom("crop" as const), x: place, y: place, width: part, height: part });
const requests = record({
  id: stringMatching(/^[a-z0-9]{1,16}-[0-9]{1,9}$/),
  what: oneof(whole, corners, crop),
  stretch: constantFrom("night" as const, "frame" as const),
  version: integer({ min: 0, max: 1_000_000_000 }),
});

test("what is asked for is what is read", () => {
  assert(
    property(requests, (request) => {
      expect(read(pictureAddress(request))).toEqual(request);
    }),
  );
});

test("an address is an address, whatever the request: no part of it can lead elsewhere", () => {
  assert(
    property(requests, (request) => {
      const url = new URL(`${ORIGIN}${pictureAddress(request)}`);
      expect([url.host, url.hash, url.pathname.split("/").length]).toEqual(["app", "", 4]);
    }),
  );
});

test.each([
  ["w=1", 64],
  ["w=0", 64],
  ["w=-5", 64],
  ["w=9999999", 4096],
])("a size beyond what is made (%s) is brought within", (size, width) => {
  expect(read(`/picture/whole/ab-1?${size}&s=night&v=0`)?.what).toEqual({ kind: "whole", width });
});

test.each([
  "/picture/whole/ab-1",
  "/picture/whole/ab-1?w=1400",
  "/picture/whole/ab-1?w=1400&s=night",
  "/picture/whole/ab-1?w=1400&s=other&v=1",
  "/picture/whole/ab-1?w=wide&s=night&v=1",
  "/picture/whole/ab-1?w=&s=night&v=1",
  "/picture/whole/ab-1?w=12.5&s=night&v=1",
  "/picture/whole/ab-1?w=1e9999&s=night&v=1",
  "/picture/crop/ab-1?x=0&y=0&w=100&s=night&v=1",
  "/picture/corners/ab-1?w=256&s=night&v=1",
  "/picture/part/ab-1?w=1400&s=night&v=1",
  "/picture/whole/AB-1?w=1400&s=night&v=1",
  "/picture/whole/ab-1/more?w=1400&s=night&v=1",
  "/picture/whole/..%2f..%2fetc%2fpasswd?w=1400&s=night&v=1",
  "/picture/whole/?w=1400&s=night&v=1",
  "/preview/ab-1?w=1400&s=night&v=1",
])("%s asks for nothing", (address) => {
  expect(read(address)).toBeNull();
});

test("nothing that a window could send makes anything but a request within the limits", () => {
  const noise = oneof(string(), webUrl({ withQueryParameters: true }), stringMatching(/^[-+.0-9e]{1,12}$/));
  const query = record({ w: noise, h: noise, x: noise, y: noise, t: noise, s: constantFrom("night", "frame", ""), v: noise });
  assert(
    property(constantFrom("whole", "crop", "corners", "x"), noise, query, (kind, id, given) => {
      const request = readPictureAddress({ pathname: `/picture/${kind}/${id}`, searchParams: new URLSearchParams(given) });
      if (request === null) return;
      // What was read can be written, and is then read as the same.
      expect(read(pictureAddress(request))).toEqual(request);
      expect(request.id).toMatch(/^[a-z0-9]{1,16}-[0-9]{1,9}$/);
    }),
  );
});
