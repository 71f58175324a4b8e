/** Words of the review pane. */
export const reviewTexts = {} as const;
