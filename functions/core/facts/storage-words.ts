import type { RdsEvent } from "../contract/context.ts";

/**
 * `full`: writes fail or the database is stopped. `low`: little is left. `stuck`: autoscaling does not help now.
 * `growing`, `grown`: RDS changes the volume, or has.
 * `log-volume`: little is left of the dedicated log volume, which is another one.
 */
export type StorageEffect = "full" | "low" | "stuck" | "growing" | "grown" | "log-volume";

const guide = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html";
const auroraGuide = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html";

/** What RDS says of storage, by number and words: DescribeEvents gives the message and no number. First match wins. */
export const storageWords: readonly {
  readonly events: readonly number[];
  readonly words: RegExp;
  readonly effect: StorageEffect;
  readonly source: string;
}[] = [
  { events: [17, 218], words: /^finished applying .*allocated storage/i, effect: "grown", source: guide },
  { events: [18, 217], words: /^applying .*allocated storage/i, effect: "growing", source: guide },
  { events: [7], words: /storage has been exhausted/i, effect: "full", source: guide },
  { events: [221], words: /storage-full|storage is full/i, effect: "full", source: guide },
  { events: [227], words: /storage is dangerously low/i, effect: "low", source: auroraGuide },
  // 0222 goes on with "will be shut down": a threat, not a fact.
  { events: [89, 222], words: /free storage capacity .*is low/i, effect: "low", source: guide },
  { events: [330, 331], words: /transaction log volume is too low/i, effect: "log-volume", source: guide },
  { events: [223], words: /autoscaling is unable to scale/i, effect: "stuck", source: guide },
  {
    events: [224],
    words: /autoscaling .*reach or exceed the maximum storage threshold/is,
    effect: "stuck",
    source: guide,
  },
  { events: [220], words: /cooling-off period .*scale storage/is, effect: "stuck", source: guide },
  {
    events: [219, 237],
    words: /autoscaling will retry (later|after)/i,
    effect: "stuck",
    source: guide,
  },
  { events: [254], words: /storage quota .*exceeded/is, effect: "stuck", source: guide },
  {
    events: [231],
    words: /storage modification encountered an internal error/i,
    effect: "stuck",
    source: guide,
  },
  // RDS adds and rewords texts: by their meaning, where no documented one fits.
  {
    events: [],
    words: /autoscaling .*complete|storage has been increased/is,
    effect: "grown",
    source: guide,
  },
  { events: [], words: /autoscaling .*(in progress|initiated)/is, effect: "growing", source: guide },
  {
    events: [],
    words: /out of (storage|disk)( space)?\b|no space left|insufficient storage/i,
    effect: "full",
    source: guide,
  },
  { events: [], words: /\b(storage|disk)( space)?\b.{0,40}\blow\b/i, effect: "low", source: guide },
];

export interface StorageWord {
  readonly effect: StorageEffect;
  readonly at: string;
  readonly message: string;
  /** Numbers that stand in the message; null where none does. */
  readonly freePercent: number | null;
  readonly freeBytes: number | null;
  readonly allocatedBytes: number | null;
  /** What the volume had before it grew, where the message tells. */
  readonly grewFromBytes: number | null;
}

export function storageWordOf({ at, message }: RdsEvent): StorageWord | null {
  const effect = storageWords.find(({ words }) => words.test(message))?.effect;
  if (effect === undefined) return null;
  const percent = /\b(\d+(?:\.\d+)?)\s*(?:%|percent)/i.exec(message)?.[1];
  return {
    effect,
    at,
    message: message.replace(/[\s.…]+$/, ""),
    freePercent: percent === undefined ? null : Number(percent),
    freeBytes: bytesAfter(message, /free storage(?: space)?:/i),
    allocatedBytes: bytesAfter(message, /(?:allocated|provisioned) storage:/i),
    grewFromBytes: bytesAfter(message, /storage\b.* from/i),
  };
}

const units = ["KB", "MB", "GB", "TB"];

/** "[Allocated storage: 100 GB, Free storage: 1.25 GB]": RDS counts in powers of 1,024. */
function bytesAfter(message: string, label: RegExp): number | null {
  const [, digits = "", unit = ""] =
    new RegExp(`${label.source}\\s*([\\d.,]+)\\s*([KMGT])i?B`, "i").exec(message) ?? [];
  const value = Number.parseFloat(digits.replaceAll(",", ""));
  const power = units.indexOf(`${unit.toUpperCase()}B`) + 1;
  return Number.isNaN(value) || power === 0 ? null : value * 1024 ** power;
}
