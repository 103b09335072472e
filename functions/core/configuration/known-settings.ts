import * as z from "zod";
import { settingsSchema } from "../settings.ts";
import { nearest } from "../text/nearest.ts";

/** Stands in a path for names that people give: of databases, alarms, groups. */
const anyName = "*";

/** The names of the settings, by the path of what they stand in. */
const known = new Map<string, string[]>();
collect(settingsSchema, []);

function collect(schema: unknown, path: readonly string[]): void {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodRecord) collect(inner.valueType, [...path, anyName]);
  if (!(inner instanceof z.ZodObject)) return;
  const fields: [string, unknown][] = Object.entries(inner.shape);
  // What is only there to be refused is nothing that anybody should be led to.
  const usable = fields.filter(([, field]) => !(unwrapped(field) instanceof z.ZodNever));
  known.set(
    path.join("."),
    usable.map(([name]) => name),
  );
  for (const [name, field] of usable) collect(field, [...path, name]);
}

function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional
    ? unwrapped(schema.unwrap())
    : schema;
}

/** What somebody meant who wrote `name` at that place: a setting there, else one in another place with its path. */
export function meantSetting(path: readonly PropertyKey[], name: string): string | null {
  const place = path.map(String);
  return nearest(name, namesAt(place)) ?? elsewhere(name);
}

function namesAt(place: readonly string[]): readonly string[] {
  const [group = ""] = place;
  return known.get(place.join(".")) ?? known.get([group, anyName].join(".")) ?? [];
}

/**
 * In another place it must be that very name, but for a keystroke. Nothing is proposed in a place that bears a name of
 * somebody's choice: which one was meant is not known.
 */
function elsewhere(name: string): string | null {
  for (const [place, names] of known) {
    const found = place.includes(anyName) ? null : nearest(name, names, 1);
    if (found !== null) return place === "" ? found : `${place}.${found}`;
  }
  return null;
}
