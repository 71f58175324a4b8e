/**
 * The structured clone algorithm over a string: what Electron's IPC carries crosses between Node and the page as text
 * here. Both functions stand alone (no imports, nothing from outside), because their source is also put into the page.
 */

export function encodeClone(value: unknown): string {
  const seen: object[] = [];
  const bytes = (view: Uint8Array) => {
    let text = "";
    for (const byte of view) text += String.fromCharCode(byte);
    return btoa(text);
  };
  const walk = (item: unknown): unknown => {
    if (item === undefined) return { $: "undefined" };
    if (item === null || typeof item === "string" || typeof item === "boolean") return item;
    if (typeof item === "number")
      return Number.isFinite(item) && !Object.is(item, -0) ? item : { $: "number", v: Object.is(item, -0) ? "-0" : String(item) };
    if (typeof item === "bigint") return { $: "bigint", v: String(item) };
    if (typeof item !== "object") throw new Error("An object could not be cloned.");
    if (seen.includes(item)) throw new Error("circular values are not carried by this host");
    seen.push(item);
    try {
      if (item instanceof Date) return { $: "date", v: item.getTime() };
      if (item instanceof Map) return { $: "map", v: [...item].map((pair) => pair.map(walk)) };
      if (item instanceof Set) return { $: "set", v: [...item].map(walk) };
      if (item instanceof ArrayBuffer) return { $: "buffer", v: bytes(new Uint8Array(item)) };
      if (ArrayBuffer.isView(item)) {
        return { $: "view", k: item.constructor.name, v: bytes(new Uint8Array(item.buffer, item.byteOffset, item.byteLength)) };
      }
      if (item instanceof Error) return { $: "error", n: item.name, v: item.message };
      if (Array.isArray(item)) return item.map(walk);
      return { $: "object", v: Object.fromEntries(Object.entries(item).map(([key, part]) => [key, walk(part)])) };
    } finally {
      seen.pop();
    }
  };
  return JSON.stringify(walk(value));
}

export function decodeClone(text: string): unknown {
  const bytes = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const walk = (item: unknown): unknown => {
    if (Array.isArray(item)) return item.map(walk);
    if (typeof item !== "object" || item === null) return item;
    const { $, v, k, n } = item as { $: string; v: never; k: string; n: string };
    if ($ === "undefined") return undefined;
    if ($ === "number") return Number(v);
    if ($ === "bigint") return BigInt(v);
    if ($ === "date") return new Date(v);
    if ($ === "map") return new Map(walk(v) as [unknown, unknown][]);
    if ($ === "set") return new Set(walk(v) as unknown[]);
    if ($ === "buffer") return bytes(v).buffer;
    if ($ === "view") {
      const whole = bytes(v).buffer;
      const kinds = {
        Int8Array,
        Uint8Array,
        Uint8ClampedArray,
        Int16Array,
        Uint16Array,
        Int32Array,
        Uint32Array,
        Float32Array,
        Float64Array,
      };
      return k === "Buffer" ? new Uint8Array(whole) : new kinds[k as keyof typeof kinds](whole);
    }
    if ($ === "error") return Object.assign(new Error(v), { name: n });
    return Object.fromEntries(Object.entries(v as object).map(([key, part]) => [key, walk(part)]));
  };
  return walk(JSON.parse(text));
}
