/**
 * Whether an event matches an EventBridge pattern, as far as the responder's rule needs it: lists of values,
 * wildcards, `$or`, and arrays of the event, of which any element may match.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(event)) return event.some((element) => matches(pattern, element));
  if (Array.isArray(pattern)) return pattern.some((filter) => passes(filter, event));
  if (!isObject(pattern) || !isObject(event)) return false;
  return Object.entries(pattern).every(([key, value]) =>
    key === "$or" && Array.isArray(value)
      ? value.some((alternative) => matches(alternative, event))
      : key in event && matches(value, event[key]),
  );
}

function passes(filter: unknown, value: unknown): boolean {
  if (!isObject(filter)) return filter === value;
  const { wildcard } = filter;
  if (typeof wildcard !== "string" || typeof value !== "string") throw new Error("filter not understood");
  const escaped = wildcard.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`, "s").test(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
