/** The server's clock as a number: when a reading was taken, for rates between two of them. */
export const atSeconds = "extract(epoch from clock_timestamp())::float8 as at_seconds";
