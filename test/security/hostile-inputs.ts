import type { z } from "zod";

/** A value that a schema must refuse, and why. */
export interface Hostile {
  what: string;
  value: unknown;
}

interface Def {
  type: string;
  shape?: Record<string, z.ZodType>;
  element?: z.ZodType;
  innerType?: z.ZodType;
  keyType?: z.ZodType;
  valueType?: z.ZodType;
  options?: z.ZodType[];
  items?: z.ZodType[];
  values?: unknown[];
  entries?: Record<string, string>;
}

const defOf = (schema: z.ZodType) => (schema as unknown as { _zod: { def: Def } })._zod.def;

/** Words that one or the other of the contract's patterns takes. */
const WORDS = ["/tmp/night", "ab12cd34-0", "0123456789abcdef", "k", "word"];

/** A whole input that the schema takes, with all that may be left out. */
export function sampleOf(schema: z.ZodType): unknown {
  const def = defOf(schema);
  switch (def.type) {
    case "undefined":
      return undefined;
    case "boolean":
      return true;
    case "literal":
      return def.values?.[0];
    case "enum":
      return Object.values(def.entries ?? {})[0];
    case "number":
      return 1;
    case "string":
      return WORDS.find((word) => schema.safeParse(word).success);
    case "nullable":
    case "optional":
      return sampleOf(inside(def.innerType));
    case "array":
      return [sampleOf(inside(def.element))];
    case "tuple":
      return (def.items ?? []).map(sampleOf);
    case "record":
      return { [String(sampleOf(inside(def.keyType)))]: sampleOf(inside(def.valueType)) };
    case "union":
      return sampleOf(inside(def.options?.[0]));
    case "object":
      return Object.fromEntries(Object.entries(def.shape ?? {}).map(([key, part]) => [key, sampleOf(part)]));
    default:
      throw new Error(`a kind of schema that this test does not know: ${def.type}`);
  }
}

function inside(schema: z.ZodType | undefined): z.ZodType {
  if (schema === undefined) throw new Error("a schema without its parts");
  return schema;
}

/** One of each kind of value that structured clone carries. */
const KINDS: Record<string, unknown> = {
  nothing: undefined,
  null: null,
  true: true,
  "a number": 7,
  "not a number": Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  "a big integer": 7n,
  "a word": "\u{1F30C} no such word",
  "an array": [],
  "an object": {},
  "a date": new Date(0),
  bytes: new Uint8Array(4),
  "a map": new Map([["theme", "dark"]]),
};

/** Which of the kinds a schema of this type may take: everything else it must refuse. */
const FITTING: Record<string, (value: unknown) => boolean> = {
  undefined: (value) => value === undefined,
  boolean: (value) => typeof value === "boolean",
  number: (value) => Number.isFinite(value),
  string: (value) => typeof value === "string",
  literal: () => false,
  enum: () => false,
  array: (value) => Array.isArray(value),
  tuple: () => false,
  object: (value) => typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype,
  record: (value) => typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype,
};

const ENDLESS_TEXT = "a".repeat(1_000_000);
const ENDLESS = 100_001;

/**
 * Everything that the schema must refuse, made from the schema itself: values of every other kind at every place, keys that
 * it does not know, keys of prototypes, keys left out, and text, lists and records without end.
 */
export function hostileInputs(schema: z.ZodType, at = "input"): Hostile[] {
  const def = defOf(schema);
  if (def.type === "nullable" || def.type === "optional") {
    const none = def.type === "nullable" ? null : undefined;
    return hostileInputs(inside(def.innerType), at).filter(({ value }) => value !== none);
  }
  if (def.type === "union") return (def.options ?? []).flatMap((option, index) => hostileInputs(option, `${at}|${index}`));
  return [...wrongKinds(schema, def, at), ...wrongSizes(schema, def, at), ...wrongKeys(schema, def, at), ...wrongParts(schema, def, at)];
}

function wrongKinds(schema: z.ZodType, { type }: Def, at: string): Hostile[] {
  const fits = FITTING[type];
  if (fits === undefined) throw new Error(`a kind of schema that this test does not know: ${type}`);
  // Where every key may be left out, a date or a map has none of them and is read as an empty object.
  const emptyWillDo = schema.safeParse({}).success;
  return Object.entries(KINDS)
    .filter(([, value]) => !fits(value) && !(emptyWillDo && (value instanceof Date || value instanceof Map)))
    .map(([name, value]) => ({ what: `${at}: ${name}`, value }));
}

function wrongSizes(schema: z.ZodType, def: Def, at: string): Hostile[] {
  if (def.type === "string") {
    const holdsZero = `${sampleOf(schema)}\0`;
    return [
      { what: `${at}: endless text`, value: ENDLESS_TEXT },
      ...(schema.safeParse("/tmp/night").success && !schema.safeParse("/tmp/\0").success
        ? [{ what: `${at}: a zero byte`, value: holdsZero }]
        : []),
    ];
  }
  if (def.type === "array") {
    const element = sampleOf(inside(def.element));
    return [{ what: `${at}: an endless list`, value: Array.from({ length: ENDLESS }, () => element) }];
  }
  if (def.type === "record" && defOf(inside(def.keyType)).type !== "enum") {
    const value = sampleOf(inside(def.valueType));
    return [{ what: `${at}: an endless record`, value: Object.fromEntries(Array.from({ length: ENDLESS }, (_, i) => [`k${i}`, value])) }];
  }
  return [];
}

function wrongKeys(schema: z.ZodType, def: Def, at: string): Hostile[] {
  if (def.type !== "object") return [];
  const sample = sampleOf(schema) as Record<string, unknown>;
  const own = (key: string): unknown => JSON.parse(`{${JSON.stringify(key)}: {"polluted": true}}`);
  const more = ["more", "__proto__", "constructor", "prototype", "toString"].map((key) => ({
    what: `${at}: the key ${key}`,
    value: Object.defineProperties({ ...sample }, Object.getOwnPropertyDescriptors(own(key) as object)),
  }));
  const needed = Object.entries(def.shape ?? {}).filter(
    ([, part]) => !part.safeParse(undefined).success && defOf(part).type !== "optional",
  );
  const less = needed.map(([key]) => ({
    what: `${at}: without ${key}`,
    value: Object.fromEntries(Object.entries(sample).filter(([name]) => name !== key)),
  }));
  return [...more, ...less];
}

function wrongParts(schema: z.ZodType, def: Def, at: string): Hostile[] {
  const placed = (part: z.ZodType, name: string, put: (value: unknown) => unknown): Hostile[] =>
    hostileInputs(part, `${at}.${name}`).map(({ what, value }) => ({ what, value: put(value) }));
  if (def.type === "object") {
    const sample = sampleOf(schema) as Record<string, unknown>;
    return Object.entries(def.shape ?? {}).flatMap(([key, part]) => placed(part, key, (value) => ({ ...sample, [key]: value })));
  }
  if (def.type === "array") return placed(inside(def.element), "0", (value) => [value]);
  if (def.type === "record") {
    const key = String(sampleOf(inside(def.keyType)));
    return placed(inside(def.valueType), key, (value) => ({ [key]: value }));
  }
  if (def.type === "tuple") {
    const sample = sampleOf(schema) as unknown[];
    return (def.items ?? []).flatMap((part, index) => placed(part, String(index), (value) => sample.with(index, value)));
  }
  return [];
}
