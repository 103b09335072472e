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
  /** Time as it passed here, where all functions share the processors with each other and with whatever else runs. */
  readonly coldMs: number;
  readonly warmMs: number;
  readonly longestColdStartMs: number;
  /** What being cold costs the first message, in longest cold starts. */
  readonly coldStartsPaid: number;
  /** The same in processor time along the way to the message, as if every function had a processor of its own. */
  readonly coldCpuMs: number;
  readonly warmCpuMs: number;
  readonly longestColdStartCpuMs: number;
  readonly coldStartsPaidInCpu: number;
  readonly target: string;
  readonly targetInCpu: string;
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
  const time: Measure = {
    message: ({ firstMessageMs }) => firstMessageMs,
    // A start less the work that its first event is; what a first use costs stays in.
    start: ({ firstMs, againMs }) => (firstMs ?? 0) - (againMs ?? 0),
  };
  const cpu: Measure = {
    message: wayInCpuMs,
    start: ({ firstCpuMs, againCpuMs }) => (firstCpuMs ?? 0) - (againCpuMs ?? 0),
  };
  const [passed, processor] = [paid(rounds, time), paid(rounds, cpu)];
  return {
    layout,
    coldMs: passed.cold,
    warmMs: passed.warm,
    longestColdStartMs: passed.longest,
    coldStartsPaid: passed.starts,
    coldCpuMs: processor.cold,
    warmCpuMs: processor.warm,
    longestColdStartCpuMs: processor.longest,
    coldStartsPaidInCpu: processor.starts,
    target: passed.starts <= mostColdStarts ? "met" : "missed",
    // Functions that start side by side share this machine's processors; each Lambda has its own.
    targetInCpu: processor.starts <= mostColdStarts ? "met" : "missed",
  };
}

interface Measure {
  message(run: IncidentRun): number;
  start(start: Start): number;
}

function paid(rounds: readonly Round[], { message, start }: Measure) {
  // Of the functions that the first message needs.
  const longest = ({ starts, cold }: Round): number => {
    const needed = new Set(cold.states.map(({ fn }) => fn));
    return Math.max(...starts.filter((one) => needed.has(one.function)).map(start));
  };
  // Round by round: how busy the machine was then is in both numbers.
  const ratios = rounds.map((round) => (message(round.cold) - message(round.warm)) / longest(round));
  return {
    cold: median(rounds.map(({ cold }) => message(cold))),
    warm: median(rounds.map(({ warm }) => message(warm))),
    longest: median(rounds.map(longest)),
    starts: median(ratios.map((ratio) => ratio * 100)) / 100,
  };
}

/** States that run side by side count as the longest of them. */
function wayInCpuMs({ states }: IncidentRun): number {
  const stages = new Map<string, number>();
  for (const { state, cpuMs } of states) {
    const stage = state.replace(/^Wake.*/, "WakeUp").replace(/^(Collect|Probe.*)$/, "Assess");
    stages.set(stage, Math.max(stages.get(stage) ?? 0, cpuMs));
  }
  return [...stages.values()].reduce((sum, one) => sum + one, 0);
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
