import type { Start } from "./cold-start.ts";
import type { IncidentRun } from "./incident.ts";
import { median } from "./median.ts";

/** What one layout did in one round. */
export interface Round {
  readonly cold: IncidentRun;
  readonly warm: IncidentRun;
  readonly starts: readonly Start[];
}

/** Medians of the rounds. */
export interface FirstMessages {
  readonly layout: string;
  readonly coldMs: number;
  readonly warmMs: number;
  /** Longest start of a function on its own: process start to its first event handled, less the work of that event. */
  readonly longestColdStartMs: number;
  /** What being cold costs the first message, in longest cold starts. */
  readonly coldStartsPaid: number;
  /** The same in longest starts by an empty event, which leave out whatever a first use costs. */
  readonly emptyStartsPaid: number;
  readonly target: string;
}

export interface StateTimes {
  readonly layout: string;
  readonly state: string;
  readonly function: string;
  readonly coldFromMs: number;
  readonly coldMs: number;
  readonly warmMs: number;
}

/** "At most twice the longest single cold start plus the work". */
const mostColdStarts = 2;

export function firstMessages(layout: string, rounds: readonly Round[]): FirstMessages {
  const coldStartsPaid = ratio(rounds, ({ firstMs, againMs }) => (firstMs ?? 0) - (againMs ?? 0));
  return {
    layout,
    coldMs: median(rounds.map(({ cold }) => cold.firstMessageMs)),
    warmMs: median(rounds.map(({ warm }) => warm.firstMessageMs)),
    longestColdStartMs: median(
      rounds.map((round) => longest(round, ({ firstMs, againMs }) => (firstMs ?? 0) - (againMs ?? 0))),
    ),
    coldStartsPaid,
    emptyStartsPaid: ratio(rounds, ({ emptyMs }) => emptyMs),
    target: coldStartsPaid <= mostColdStarts ? "met" : "missed",
  };
}

/** Round by round: how busy the machine was then is in both numbers. */
function ratio(rounds: readonly Round[], startMs: (start: Start) => number): number {
  const paid = rounds.map(
    (round) => (round.cold.firstMessageMs - round.warm.firstMessageMs) / longest(round, startMs),
  );
  return median(paid.map((one) => one * 100)) / 100;
}

/** Of the functions that the first message needs. */
function longest({ starts, cold }: Round, startMs: (start: Start) => number): number {
  const needed = new Set(cold.states.map(({ fn }) => fn));
  return Math.max(...starts.filter((start) => needed.has(start.function)).map(startMs));
}

/** Where the time goes: when each state begins, and how long it takes cold and warm. */
export function stateTimes(layout: string, rounds: readonly Round[]): readonly StateTimes[] {
  const states = rounds.at(-1)?.cold.states ?? [];
  return states.map(({ state, fn }) => {
    const of = (run: IncidentRun) => run.states.filter((one) => one.state === state);
    const took = (run: IncidentRun) => of(run).map(({ fromMs, toMs }) => toMs - fromMs);
    return {
      layout,
      state,
      function: fn,
      coldFromMs: median(rounds.flatMap(({ cold }) => of(cold).map(({ fromMs }) => fromMs))),
      coldMs: median(rounds.flatMap(({ cold }) => took(cold))),
      warmMs: median(rounds.flatMap(({ warm }) => took(warm))),
    };
  });
}
