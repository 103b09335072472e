import { describe, expect, it } from "vitest";
import { type SignalParse, signalSchema } from "../../../functions/core/contract/signal.ts";
import { parseSignals } from "../../../functions/core/signals/parse-signal.ts";
import { envelope, envelopeNames } from "./envelopes.ts";

/** mulberry32: the same numbers on every machine. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const hostile: readonly unknown[] = [
  null,
  undefined,
  true,
  -0,
  Number.NaN,
  1e308,
  "",
  "\u0000\ud800<script>../",
  "9".repeat(5000),
  "2026-13-45T99:99:99.999+0000",
  "arn:aws:cloudwatch:::alarm:",
  "DB_PERF_INSIGHTS('RDS','db-",
  "[",
  "{}",
  '{"__proto__":{"state":1}}',
  [],
  {},
  [null],
  [[[[]]]],
  { Records: [] },
  { Records: [{ Sns: { Message: "{}" } }] },
  { constructor: "x", toString: 1, hasOwnProperty: 2 },
];

const odd = ["__proto__", "constructor", "Records", "alarmData", "Sns", "body", "AlarmName", "toJSON"];

/** Copies a value and, on the way, now and then swaps, drops, renames or cuts something. */
function mutate(value: unknown, random: (below: number) => number, odds: number): unknown {
  if (random(odds) === 0) return hostile[random(hostile.length)];
  if (typeof value === "string") return mutateText(value, random, odds);
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => mutate(item, random, odds));
    return random(odds) === 0 ? [...items, ...items] : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(() => random(odds) !== 0)
    .map(([key, inner]: [string, unknown]) => {
      const name = random(odds) === 0 ? (odd[random(odd.length)] ?? key) : key;
      return [name, mutate(inner, random, odds)];
    });
  return Object.fromEntries(entries);
}

function mutateText(text: string, random: (below: number) => number, odds: number): string {
  if (text.startsWith("{")) {
    if (random(odds) === 0) return text.slice(0, random(text.length));
    try {
      return JSON.stringify(mutate(JSON.parse(text), random, odds)) ?? "";
    } catch {
      return text;
    }
  }
  if (random(odds) !== 0) return text;
  const at = random(text.length + 1);
  return text.slice(0, at) + String.fromCharCode(random(65_536)) + text.slice(at + random(3));
}

function check({ signals, rejected }: SignalParse): string[] {
  for (const signal of signals) {
    expect(signalSchema.parse(signal)).toEqual(signal);
    expect(new Date(signal.at).toISOString()).toBe(signal.at);
    for (const { id } of signal.databases) expect(id).toMatch(/^[A-Za-z][A-Za-z0-9-]{0,62}$/);
  }
  for (const { reason, field, raw } of rejected) {
    expect(`${reason}${field}`).toMatch(/^\P{Cc}{10,}$/u);
    expect(() => JSON.stringify(raw)).not.toThrow();
  }
  return [...signals.map(() => "signal"), ...rejected.map(({ code }) => code)];
}

// They compute and wait for nothing: on a machine shared with others each takes many times as long.
describe("mutated envelopes", { timeout: 180_000 }, () => {
  it("S9 6,500 of them never throw, never vanish, and give only valid signals or rejections with a reason", () => {
    const random = numbers(20_261_121);
    const seen = new Map<string, number>();
    for (let round = 0; round < 6500; round += 1) {
      const name = envelopeNames[round % envelopeNames.length] ?? "direct-metric";
      const event = mutate(envelope(name), random, 8 + (round % 5) * 20);
      const outcomes = check(parseSignals(event));
      expect(outcomes.length, `round ${round}`).toBeGreaterThan(0);
      for (const outcome of outcomes) seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    }
    // The run is worth something only while it reaches every outcome.
    for (const outcome of ["signal", "empty", "not-json", "unknown-envelope", "wrong-shape"]) {
      expect(seen.get(outcome) ?? 0, outcome).toBeGreaterThan(50);
    }
  });
});
