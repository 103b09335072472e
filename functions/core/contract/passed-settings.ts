import * as z from "zod";
import { settingsSchema } from "../settings.ts";

/**
 * Settings on their way from one function to another. During a deployment the two may be of different versions for a
 * while: a setting that the reader does not know yet is dropped, where one from a person is refused.
 */
export const passedSettingsSchema = z.preprocess(withoutUnknown, settingsSchema);

function withoutUnknown(value: unknown): unknown {
  const issues = settingsSchema.safeParse(value).error?.issues ?? [];
  return issues.reduce(
    (known, issue) => (issue.code === "unrecognized_keys" ? without(known, issue.path, issue.keys) : known),
    value,
  );
}

function without(value: unknown, [step, ...path]: readonly PropertyKey[], keys: readonly string[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries: [string, unknown][] = Object.entries(value);
  return Object.fromEntries(
    step === undefined
      ? entries.filter(([key]) => !keys.includes(key))
      : entries.map(([key, inner]) => [key, key === String(step) ? without(inner, path, keys) : inner]),
  );
}
