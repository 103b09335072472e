import type { Rejection } from "../contract/signal.ts";
import { isRecord } from "./shapes.ts";

/** Kept of what is too large or cannot be written as JSON: enough to see who sent it. */
const headLength = 4096;

/** "an object with the keys a, b" — what was seen, for the sentence of a rejection. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "string") return `the text ${quote(value)}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (!isRecord(value)) return `a ${typeof value}`;
  const keys = Object.keys(value);
  if (keys.length === 0) return "an empty object";
  const more = keys.length > 8 ? `, and ${keys.length - 8} more` : "";
  return `an object with the keys ${keys.slice(0, 8).map(quote).join(", ")}${more}`;
}

/** Short, on one line, without control characters: hostile names end up in logs and messages. */
export function quote(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return JSON.stringify(short.toWellFormed());
}

/** Reason and field on one line, bounded: both go to logs and both may quote a hostile event. */
export function reject(
  code: Rejection["code"],
  reason: string,
  raw: unknown,
  field: string | null = null,
): Rejection {
  return { code, reason: oneLine(reason, 1000), field: field === null ? null : oneLine(field, 200), raw };
}

function oneLine(text: string, length: number): string {
  return text
    .slice(0, length)
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, " ");
}

export function headOf(text: string): string {
  return text.length > headLength ? `${text.slice(0, headLength)}…` : text;
}
