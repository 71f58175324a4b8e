interface ShortenedParts {
  text: string;
  /** How many characters at the end are kept: what tells folders and frames of one night apart stands there. */
  keep?: number;
}

/** Text that gives way in its middle when there is no room for all of it. */
export function Shortened({ text, keep = 14 }: ShortenedParts) {
  const characters = [...text];
  if (characters.length <= keep + 4) return <span className="shortened">{text}</span>;
  return (
    <span className="shortened" data-tip={text}>
      <span className="shortened-start">{characters.slice(0, -keep).join("")}</span>
      <span className="shortened-end">{characters.slice(-keep).join("")}</span>
    </span>
  );
}
