/** Words of the timelines, groups and rules of the night pane. */
export const nightTexts = {} as const;
