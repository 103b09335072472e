import type * as z from "zod";
import { type Settings, settingsSchema } from "../settings.ts";
import { jsonFault } from "./json-fault.ts";
import { meantSetting } from "./known-settings.ts";

export type ParsedSettings =
  | { readonly kind: "valid"; readonly settings: Settings }
  /** One sentence for each wrong field, with its path and never with its value. */
  | { readonly kind: "invalid"; readonly faults: readonly string[] };

/** They stand in the incident, in the assignment and in the thread: eight kilobytes of nonsense are not quoted in full. */
const mostFaults = 20;
const longestFault = 200;

/** The same sentences wherever settings come from: the deployment, the parameter, the command line. */
export function parseSettings(value: unknown): ParsedSettings {
  const parsed = settingsSchema.safeParse(value);
  if (parsed.success) return { kind: "valid", settings: parsed.data };
  const faults = parsed.error.issues.flatMap((issue) => sentencesOf(issue, value));
  return { kind: "invalid", faults: bounded(faults) };
}

export function parseSettingsText(text: string): ParsedSettings {
  const fault = jsonFault(text);
  if (fault !== null) return { kind: "invalid", faults: [`the whole text ${fault}`] };
  return parseSettings(JSON.parse(text));
}

function bounded(faults: readonly string[]): string[] {
  const told = faults
    .slice(0, mostFaults)
    .map((fault) => (fault.length <= longestFault ? fault : `${fault.slice(0, longestFault - 1)}…`));
  const rest = faults.length - told.length;
  return rest === 0 ? told : [...told, `${rest} more fields are wrong`];
}

function sentencesOf(issue: z.core.$ZodIssue, value: unknown): string[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownSetting(path, key));
  const where = path.length === 0 ? "the whole" : path.map(String).join(".");
  // A rule of several fields says itself what it found.
  const found = issue.code === "custom" ? "" : ` (found ${shapeAt(value, path)})`;
  return [`${where}: ${issue.message}${found}`];
}

function unknownSetting(path: readonly PropertyKey[], key: string): string {
  const meant = meantSetting(path, key);
  const hint = meant === null ? "" : `; did you mean ${meant}?`;
  return `${[...path.map(String), key].join(".")}: there is no such setting${hint}`;
}

/** What kind of value is there, without the value: settings may hold names that do not belong in a log. */
function shapeAt(settings: unknown, path: readonly PropertyKey[]): string {
  let value = settings;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return "nothing";
    value = Object.entries(value).find(([name]) => name === String(key))?.[1];
  }
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "string") return `a string of ${value.length} characters`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
