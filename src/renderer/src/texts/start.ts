/** Words of the first screen, recent nights and what was interrupted. */
export const startTexts = {} as const;
