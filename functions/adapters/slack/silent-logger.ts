import type { Logger, LogLevel } from "@slack/web-api";

/** The client's own logger writes free text to the console; what failed is in the result that callers log. */
export function silentLogger(level: LogLevel): Logger {
  const nothing = (): void => {};
  return {
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: nothing,
    setLevel: nothing,
    setName: nothing,
    getLevel: () => level,
  };
}
