/** ISO 8601, UTC, of epoch seconds. */
export const isoTime = (seconds: number): string => new Date(seconds * 1000).toISOString();
