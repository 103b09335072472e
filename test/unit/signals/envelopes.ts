import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Rejection, Signal } from "../../../functions/core/contract/signal.ts";
import { parseSignals } from "../../../functions/core/signals/parse-signal.ts";

export const envelopeNames = [
  "direct-composite",
  "direct-contributor",
  "direct-metric",
  "ec2-state-change",
  "eventbridge-contributor",
  "eventbridge-math",
  "eventbridge-metric",
  "sns-composite",
  "sns-contributor",
  "sns-math",
  "sns-metric",
  "sns-mixed",
  "sqs-mixed",
] as const;

export function envelope(name: (typeof envelopeNames)[number]): unknown {
  return JSON.parse(readFileSync(new URL(`../../fixtures/envelopes/${name}.json`, import.meta.url), "utf8"));
}

/** A copy in which one place, "a.b.0.c", holds something else; undefined removes it. Text on the way is read as JSON. */
export function altered(value: unknown, path: string, replacement: unknown): unknown {
  const [key, ...rest] = path.split(".");
  if (key === undefined || key === "") return replacement;
  if (typeof value === "string") return JSON.stringify(altered(JSON.parse(value), path, replacement));
  if (typeof value !== "object" || value === null) throw new Error(`nothing at ${path}`);
  const inner: unknown = Reflect.get(value, key);
  const next = rest.length === 0 ? replacement : altered(inner, rest.join("."), replacement);
  if (Array.isArray(value)) return value.map((item: unknown, at) => (String(at) === key ? next : item));
  return { ...value, [key]: next };
}

export const messagePath = "Records.0.Sns.Message";

export function onlySignal(event: unknown): Signal {
  const { signals, rejected } = parseSignals(event);
  expect(rejected.map(({ reason }) => reason)).toEqual([]);
  const [signal, ...others] = signals;
  expect(others.map(({ name }) => name)).toEqual([]);
  if (signal === undefined) throw new Error("no signal");
  return signal;
}

export function onlyRejection(event: unknown, size?: number): Rejection {
  const { signals, rejected } = parseSignals(event, size);
  expect(signals.map(({ name }) => name)).toEqual([]);
  const [rejection, ...others] = rejected;
  expect(others.map(({ reason }) => reason)).toEqual([]);
  if (rejection === undefined) throw new Error("no rejection");
  return rejection;
}
