/**
 * The known name that was probably meant, or null when none is close: at most a third of the letters wrong, by optimal string
 * alignment distance (a swap of neighbours is one mistake), upper and lower case alike.
 */
function nearestName(given: string, known: readonly string[]): string | null {
  if (given.length > 40) return null;
  let best: string | null = null;
  let least = Math.max(1, Math.floor(given.length / 3)) + 1;
  for (const name of known) {
    const wrong = mistakes(given.toLowerCase(), name.toLowerCase());
    if (wrong < least) {
      least = wrong;
      best = name;
    }
  }
  return best;
}

function mistakes(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    before = last;
    last = row;
  }
  return last[b.length];
}

/** `there is no ...`, with the name that was probably meant. */
export function noSuchName(given: string, known: readonly string[]): string {
  const meant = nearestName(given, known);
  const shown = JSON.stringify(given.length > 40 ? `${given.slice(0, 39)}…` : given);
  return meant === null ? `there is no ${shown}` : `there is no ${shown}; did you mean "${meant}"?`;
}
