/** "1 frame", "1 204 frames": the plural by English rules, thousands held together by a thin space. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${String(count).replace(/\B(?=(\d{3})+(?!\d))/g, "\u2009")} ${count === 1 ? one : many}`;
}
