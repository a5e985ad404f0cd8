/** `YYYY-MM-DD`, in UTC: the day on which acknowledgements are judged. */
export const today = (): string => new Date().toISOString().slice(0, 10);
