/** Words of sorting and handing over. */
export const workTexts = {} as const;
