const secretKey = /password|secret|token|authorization/i;
/** `postgres://user:password@host` in an error's text. */
const urlPassword = /(:\/\/[^\s:/@]+:)[^\s@]+@/g;
/** A log event holds 256 KB; one field must not push the others out. */
const maxText = 8192;
const maxItems = 100;
const maxDepth = 8;

/** A copy that can be written as JSON and holds no secret: by the name of the key, and in URLs. */
export function redact(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactObject(fields, []);
}

function redactObject(value: object, above: readonly object[]): Record<string, unknown> {
  const entries = Object.entries(value).map(([key, each]) => [
    key,
    secretKey.test(key) ? "[redacted]" : redactValue(each, [...above, value]),
  ]);
  return Object.fromEntries(entries);
}

function redactValue(value: unknown, above: readonly object[]): unknown {
  if (typeof value === "string") return cut(value.replaceAll(urlPassword, "$1***@"));
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (above.includes(value) || above.length >= maxDepth) return "[not shown]";
  if (value instanceof Error) return redactObject(plainError(value), [...above, value]);
  if (Array.isArray(value))
    return value.slice(0, maxItems).map((each) => redactValue(each, [...above, value]));
  return value instanceof Date ? value : redactObject(value, above);
}

/** An error's own fields do not show in JSON. */
function plainError({ name, message, stack, cause }: Error): object {
  return { name, message, stack, ...(cause === undefined ? {} : { cause }) };
}

function cut(text: string): string {
  return text.length <= maxText ? text : `${text.slice(0, maxText)}…`;
}
