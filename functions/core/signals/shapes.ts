import * as z from "zod";
import { parseAlarmTime } from "./timestamp.ts";

export const alarmStateSchema = z.enum(["ALARM", "OK", "INSUFFICIENT_DATA"]);

/** CloudWatch allows 1 to 255 characters; more cannot be an alarm and would not fit a table key. */
export const alarmNameSchema = z.string().min(1).max(255);

/** Epoch milliseconds. */
export const alarmTimeSchema = z.string().transform((text, context) => {
  const at = parseAlarmTime(text);
  if (at !== null) return at;
  context.addIssue("expected a time such as 2023-08-04T12:36:15.490+0000");
  return z.NEVER;
});

/** Text that helps but is never worth losing an alarm over. */
export const optionalTextSchema = z.string().nullish().catch(null);

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `MetricStat` → `metricStat`: SNS capitalises what EventBridge and Lambda do not. Anything else is left alone. */
export function camelKeys(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.charAt(0).toLowerCase() + key.slice(1), inner]),
  );
}

const mapSchema = z.record(z.string(), z.string());
const pairsSchema = z.array(z.preprocess(camelKeys, z.looseObject({ name: z.string(), value: z.string() })));

/** A map (Lambda, EventBridge) or a list of `{name, value}` (SNS), in either casing. */
export const dimensionsSchema = z
  .unknown()
  .optional()
  .transform((value, context): Record<string, string> => {
    if (value === undefined || value === null) return {};
    const parsed = Array.isArray(value) ? pairsSchema.safeParse(value) : mapSchema.safeParse(value);
    if (parsed.success) return Array.isArray(parsed.data) ? fromPairs(parsed.data) : parsed.data;
    for (const { message, path } of parsed.error.issues) {
      context.addIssue({ code: "custom", message, path: [...path] });
    }
    return z.NEVER;
  });

function fromPairs(pairs: readonly { name: string; value: string }[]): Record<string, string> {
  return Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
}

/** CloudWatch allows 50 tags. */
const maxTags = 50;

/** Tags as a map or a list of `{key, value}`; what is no tag is left out, for a tag only ever helps. */
export function readTags(value: unknown): Record<string, string> {
  const entries = Array.isArray(value)
    ? value.map(camelKeys).map((tag) => (isRecord(tag) ? [tag["key"], tag["value"]] : []))
    : Object.entries(isRecord(value) ? value : {});
  const texts = entries.flatMap(([key, text]) =>
    typeof key === "string" && typeof text === "string" ? [[key, text] as const] : [],
  );
  return Object.fromEntries(texts.slice(0, maxTags));
}
