/** Whether a text is a day of the calendar, `YYYY-MM-DD`: one that its month does not have would be one of the next month. */
export const isDay = (text: string): boolean => {
  const [year = 0, month = 0, date = 0] = /^\d{4}-\d{2}-\d{2}$/.test(text) ? text.split("-").map(Number) : [];
  const day = new Date(Date.UTC(year, month - 1, date));
  return year > 0 && day.getUTCMonth() === month - 1;
};

/** The day that is a number of days after another. */
export function daysAfter(day: string, days: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10);
}
