import type * as z from "zod";

type Json = z.core.util.JSONType;

/** The same value, whatever the order of an object's names: a store keeps values, and not how they were written. */
export function isSameJson(one: Json, other: Json): boolean {
  return written(one) === written(other);
}

function written(value: Json): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
