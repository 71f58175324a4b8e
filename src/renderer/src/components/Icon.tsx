import type { ReactElement } from "react";

/** Line drawings on a 16 px grid; each verdict has its own outline, so that shape alone tells them apart. */
const DRAWINGS = {
  clean: (
    <>
      <circle cx="8" cy="8" r="6.25" />
      <path d="M5.2 8.2 7.2 10.2 10.9 6" />
    </>
  ),
  contaminated: (
    <>
      <path d="M5.4 1.75h5.2l3.65 3.65v5.2l-3.65 3.65H5.4L1.75 10.6V5.4z" />
      <path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4" />
    </>
  ),
  review: (
    <>
      <path d="M8 1.4 14.6 8 8 14.6 1.4 8z" />
      <path d="M6.4 6.6c.1-.9.8-1.5 1.7-1.5s1.6.6 1.6 1.4c0 1.2-1.7 1.2-1.7 2.4" />
      <path d="M8 10.9v.1" />
    </>
  ),
  "not-light": (
    <>
      <circle cx="8" cy="8" r="6.25" strokeDasharray="2.4 2" />
      <path d="M5.4 8h5.2" />
    </>
  ),
  unreadable: (
    <>
      <path d="M8 1.9 14.6 13.6H1.4z" />
      <path d="M8 6.3v3.4m0 1.7v.1" />
    </>
  ),
  folder: <path d="M1.75 12.25v-8.5c0-.55.45-1 1-1h3l1.5 1.75h6c.55 0 1 .45 1 1v6.75c0 .55-.45 1-1 1H2.75c-.55 0-1-.45-1-1z" />,
  files: (
    <>
      <path d="M3.75 2.75c0-.55.45-1 1-1h4.5l3 3v8.5c0 .55-.45 1-1 1h-6.5c-.55 0-1-.45-1-1z" />
      <path d="M9.25 1.75v3h3" />
    </>
  ),
  copy: (
    <>
      <rect x="5.75" y="5.75" width="8.5" height="8.5" rx="1" />
      <path d="M3.25 10.25h-.5c-.55 0-1-.45-1-1v-6.5c0-.55.45-1 1-1h6.5c.55 0 1 .45 1 1v.5" />
    </>
  ),
  move: <path d="M2 8h11.5m-4-4 4 4-4 4" />,
  link: (
    <>
      <path d="m7.2 4.9 1.7-1.7a2.75 2.75 0 0 1 3.9 3.9l-1.7 1.7" />
      <path d="m8.8 11.1-1.7 1.7a2.75 2.75 0 0 1-3.9-3.9l1.7-1.7m1.2 2.7 3.8-3.8" />
    </>
  ),
  sort: <path d="M2 3h5M2 8h3.5M2 13h5m0-10c3.5 0 2.5 5 6.75 5M7 13c3.5 0 2.5-5 6.75-5M5.5 8h8.25m-2.25-2.25L13.75 8l-2.25 2.25" />,
  handover: <path d="M9.25 2.25h3.5c.55 0 1 .45 1 1v9.5c0 .55-.45 1-1 1h-3.5M2 8h8M7 5l3 3-3 3" />,
  drive: (
    <>
      <rect x="1.75" y="4.75" width="12.5" height="6.5" rx="1" />
      <path d="M4.25 8h3.5m3.5 0h.5" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.75" />
      <path d="m10.5 10.5 3.75 3.75" />
    </>
  ),
  stop: <rect x="4" y="4" width="8" height="8" rx="1" />,
  cross: <path d="m4 4 8 8m0-8-8 8" />,
  dark: <path d="M13.6 9.7A6 6 0 0 1 6.3 2.4a6 6 0 1 0 7.3 7.3z" />,
  light: (
    <>
      <circle cx="8" cy="8" r="3" />
      <path d="M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3.05 3.05l1.06 1.06m7.78 7.78 1.06 1.06m0-9.9-1.06 1.06m-7.78 7.78-1.06 1.06" />
    </>
  ),
  night: (
    <>
      <path d="M1.3 8S3.7 3.5 8 3.5 14.7 8 14.7 8 12.3 12.5 8 12.5 1.3 8 1.3 8z" />
      <circle cx="8" cy="8" r="2" />
    </>
  ),
  marks: (
    <>
      <path d="M1.75 5V1.75H5M11 1.75h3.25V5m0 6v3.25H11m-6 0H1.75V11" />
      <path d="m4.5 11.5 7-7" />
    </>
  ),
  hint: (
    <>
      <path d="M5.6 10.4a4.4 4.4 0 1 1 4.8 0v1.5H5.6z" />
      <path d="M6.4 14.25h3.2" />
    </>
  ),
  check: <path d="m3 8.4 3.2 3.2L13 4.8" />,
  plus: <path d="M8 3v10M3 8h10" />,
  back: <path d="M3.2 6.2h6.3a3.6 3.6 0 0 1 0 7.2H6.2M5.9 3.4 3.1 6.2 5.9 9" />,
  keys: (
    <>
      <rect x="1.5" y="4" width="13" height="8.5" rx="1" />
      <path d="M4.2 6.8v.1m2.5-.1v.1m2.6-.1v.1m2.5-.1v.1M5 9.8h6" />
    </>
  ),
  command: <path d="m3.2 4.5 3.6 3.5-3.6 3.5M8.6 12h4.6" />,
  up: <path d="m4 9.8 4-4 4 4" />,
  down: <path d="m4 6.2 4 4 4-4" />,
  you: (
    <>
      <circle cx="8" cy="5" r="3" />
      <path d="M2.5 14c.6-3 2.8-4.5 5.5-4.5s4.9 1.5 5.5 4.5" />
    </>
  ),
  pin: (
    <>
      <path d="M5.5 1.75h5M6.2 1.75v4.5L4.2 9h7.6l-2-2.75v-4.5" />
      <path d="M8 9v5.25" />
    </>
  ),
  plot: (
    <>
      <path d="M1.75 2v12.25H14.25" />
      <path d="m4.4 10.4 2.8-3.6 2.6 1.9 3.6-5" />
    </>
  ),
  watch: (
    <>
      <circle cx="8" cy="8" r="1.6" />
      <path d="M4.9 11.1a4.4 4.4 0 0 1 0-6.2m6.2 0a4.4 4.4 0 0 1 0 6.2M2.8 13.2a7.3 7.3 0 0 1 0-10.4m10.4 0a7.3 7.3 0 0 1 0 10.4" />
    </>
  ),
  enlarge: <path d="M9.5 2.25h4.25V6.5M6.5 13.75H2.25V9.5M13.5 2.5 9.4 6.6M2.5 13.5l4.1-4.1" />,
  limits: <path d="M1.75 4.5h12.5M1.75 11.5h12.5M5.5 2v5M10.5 9v5" />,
  info: (
    <>
      <circle cx="8" cy="8" r="6.25" />
      <path d="M8 7.3v3.8m0-6.2V5" />
    </>
  ),
} satisfies Record<string, ReactElement>;

export type IconName = keyof typeof DRAWINGS;

/** Decoration only: the words beside it say the same. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {DRAWINGS[name]}
    </svg>
  );
}

/** The app's mark: a star lifted out of a nebula's arcs. */
export function Mark({ size }: { size: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path className="mark-arc" d="M3 22.5c3.6 4.6 8.2 6.6 13 6.6s9.4-2 13-6.6" />
      <path className="mark-arc" d="M7.6 18.2c2.3 3 5.2 4.3 8.4 4.3s6.1-1.3 8.4-4.3" />
      <path className="mark-star" d="M16 2.2l2.1 7.3 7.3 2.1-7.3 2.1L16 21l-2.1-7.3-7.3-2.1 7.3-2.1z" />
    </svg>
  );
}
