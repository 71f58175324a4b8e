import { type Beyond, reasonBar } from "./reason-bar.ts";

interface BarParts {
  value: number | null;
  night: number | null;
  limit: number | null;
  beyond: Beyond | null;
}

/** A glance at how bad it is: ring for the night, stroke for the limit, dot for this frame. The words beside it say the same. */
export function ReasonBar({ value, night, limit, beyond }: BarParts) {
  const places = value === null ? null : reasonBar(value, night, limit, beyond);
  if (places === null) return null;
  const x = (share: number) => share * 200;
  return (
    <svg className="reason-bar" viewBox="0 0 200 14" preserveAspectRatio="none" aria-hidden="true">
      <line className="bar-track" x1="0" y1="7" x2="200" y2="7" />
      {places.harm !== null && <line className="bar-harm" x1={x(places.limit)} y1="7" x2={places.harm === "right" ? 200 : 0} y2="7" />}
      <line className="bar-limit" x1={x(places.limit)} y1="1" x2={x(places.limit)} y2="13" />
      {places.night !== null && <path className="bar-night" d={`M${x(places.night)} 7h0`} />}
      {places.night !== null && <path className="bar-night-hole" d={`M${x(places.night)} 7h0`} />}
      <path className="bar-value" d={`M${x(places.value)} 7h0`} />
    </svg>
  );
}
