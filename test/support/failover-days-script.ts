import { type Seeded, seeded } from "./seeded.ts";

const minute = 60_000;
const hour = 60 * minute;

/** What happens to a server by itself, and what people do to it in AWS's console. */
const happenings = [
  ...([
    "down",
    "freeze",
    "cut-responder",
    "cut-clients",
    "cut-replicas",
    "heal",
    "heal",
    "stop",
    "fail",
  ] as const),
  ...(["busy", "open", "open", "reboot", "promote", "rename", "delete", "wall", "name-back"] as const),
  ...(["switch-on", "switch-off"] as const),
] as const;
export type What = (typeof happenings)[number];

export interface Happening {
  readonly atMs: number;
  readonly what: What;
  /** 0 is the primary of the beginning. */
  readonly of: number;
}

/** What a person types: a failover of his own, or the command that an end printed, or another one about that run. */
export interface Person {
  readonly startsAtMs: number;
  readonly input: { readonly kind: "planned" | "unplanned"; readonly force: boolean | readonly string[] };
  /** So long after he heard of an end he types the next thing. */
  readonly after: readonly number[];
  /** Of each ten ends he follows so many as they say. */
  readonly obeys: number;
}

export interface DaysScript {
  readonly happenings: readonly Happening[];
  readonly people: readonly Person[];
  readonly secondPerson: boolean;
  readonly mishaps: number;
  readonly deaths: number;
  readonly hangs: number;
  /** Of the sweeper's rounds so many take place. */
  readonly sweeps: number;
  /** Of RDS's descriptions so many are of a minute ago, or miss a replica. */
  readonly reads: number;
  /** Of the calls to the table of the runs so many are throttled, lost or late. */
  readonly stores: number;
  readonly engine: "postgres" | "mysql";
  /** So likely a replica that is made does not follow. */
  readonly unwell: number;
  /** A promotion takes up to so long. */
  readonly promoteMs: number;
  /** What a person does with a card: of ten so many say yes, and they take so long at most. */
  readonly approver: { readonly grants: number; readonly afterMs: number };
  /** From here on nothing happens any more but what people type. */
  readonly quietAtMs: number;
}

const forces = [
  ...([false, false, false, false, false, false] as const),
  ...([["primary-alive"], ["old-primary-unfenced"], ["not-caught-up", "candidate-lag-unknown"]] as const),
] as const;

export function daysOf(seed: number): DaysScript {
  const random = seeded(seed + 5_000_011);
  // What came later is drawn beside it: the story of a seed stays what it was.
  const own = seeded(seed + 6_000_037);
  const quietAtMs = random.pick([40 * minute, 40 * minute, 2 * hour, 6 * hour, 30 * hour]);
  const first = {
    atMs: 20_000,
    of: 0,
    what: random.pick<What>(["down", "down", "freeze", "fail", "cut-clients", "cut-responder", "busy"]),
  };
  const back = {
    atMs: 60_000 + random.int(random.pick([5, 20, 120]) * minute),
    of: 0,
    what: "heal" as const,
  };
  const more = Array.from({ length: random.int(8) }, () => ({
    atMs: random.int(Math.min(quietAtMs, random.pick([6 * minute, 40 * minute, 30 * hour]))),
    what: random.pick(happenings),
    of: random.pick([0, 0, 1, 1, 2, 3, 4]),
  }));
  return {
    happenings: [first, ...(random.chance(0.6) ? [back] : []), ...more],
    people: Array.from({ length: random.chance(0.3) ? 2 : 1 }, () => personOf(random)),
    secondPerson: random.chance(0.25),
    mishaps: random.pick([0, 0, 0.03, 0.1]),
    deaths: random.pick([0, 0, 0.01, 0.03]),
    hangs: random.pick([0, 0, 0.003]),
    sweeps: random.pick([1, 1, 0.5, 0.2]),
    reads: random.pick([0, 0, 0.02, 0.1]),
    stores: own.pick([0, 0, 0.005, 0.02]),
    engine: own.pick<"postgres" | "mysql">(["postgres", "postgres", "mysql"]),
    unwell: random.pick([0, 0.3]),
    promoteMs: random.pick([20_000, 20_000, 2 * minute, 15 * minute]),
    approver: {
      grants: random.pick([10, 10, 7]),
      afterMs: random.pick([1, 5, 30]) * minute,
    },
    quietAtMs,
  };
}

function personOf(random: Seeded): Person {
  return {
    startsAtMs: 40_000 + random.int(random.pick([1, 3, 30]) * minute),
    input: {
      kind: random.chance(0.15) ? "planned" : "unplanned",
      force: random.pick<boolean | readonly string[]>(forces as never),
    },
    after: Array.from({ length: 6 }, () => random.int(random.pick([2, 18, 60, 300]) * minute)),
    obeys: random.pick([10, 7, 4]),
  };
}
