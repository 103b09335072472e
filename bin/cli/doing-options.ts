import type { ParseArgsOptionsConfig } from "node:util";
import type { How } from "./carry-out.ts";
import { choice, type Options } from "./command.ts";

/** What act, kill and undo take alike: where, how to ask and how to answer. */
export const doingOptions = {
  url: { type: "string" },
  "dry-run": { type: "boolean" },
  yes: { type: "boolean" },
  format: { type: "string" },
  ca: { type: "string" },
} as const satisfies ParseArgsOptionsConfig;

/** Their lines in a usage. */
export const doingUsage = [
  "  --dry-run looks whether it could be done, and does nothing",
  "  --yes     does not ask",
  "",
  "exit code: 0 done or not needed any more, 1 not done or not proved, 2 usage, 3 could not connect, 4 refused by a guard",
] as const;

export function howOf(options: Options): How {
  return {
    dryRun: options["dry-run"] === true,
    yes: options["yes"] === true,
    format: choice(options, "format", ["text", "json"], "text"),
  };
}
