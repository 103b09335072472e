import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import { createCountingIds } from "../../functions/adapters/memory/counting-ids.ts";
import { createMemorySettings } from "../../functions/adapters/memory/memory-settings.ts";
import type { FailoverState } from "../../functions/core/contract/failover-machine.ts";
import { InvalidInputError, messageOf, ResponderError } from "../../functions/core/errors.ts";
import { failoverStep } from "../../functions/core/failover/failover-step.ts";
import type { FailoverPorts } from "../../functions/core/failover/ports.ts";
import { ofProcess, type Process } from "./failover-days-ports.ts";
import type { DaysScript } from "./failover-days-script.ts";
import type { Days } from "./failover-days-world.ts";
import type { Seeded } from "./seeded.ts";

const minute = 60_000;
/** The function's own limit: behind it Step Functions tries again, and what hung goes on beside it. */
const callLimitMs = 150_000;
const mostRetries = 5;

export interface Execution {
  readonly name: string;
  readonly input: unknown;
  state: FailoverState | null;
  retries: number;
  /** When its next call is due; null: a call is under way. */
  dueAt: number | null;
  begunAt: number;
  call: number;
  over: boolean;
}

export interface MachineOptions {
  readonly days: Days;
  readonly random: Seeded;
  readonly script: DaysScript;
  readonly ports: FailoverPorts;
  /** Nothing goes wrong by itself any more. */
  calm(): boolean;
  tell(says: string): void;
  /** A fault of the code. */
  broke(says: string): void;
}

/** Step Functions and the functions it calls, each in a process of its own that may die, hang, or have another time. */
export interface Machine {
  readonly executions: readonly Execution[];
  execute(input: unknown): Execution;
  /** Whatever is due by now. */
  step(): void;
  sweep(): void;
}

const looks = ["describe", "save", "get", "look"];

export function createMachine(options: MachineOptions): Machine {
  const { days, random, script, ports, calm, tell, broke } = options;
  const { world, until } = days;
  const executions: Execution[] = [];
  const log = createCollectingLog();
  const ids = createCountingIds("call");
  const approval = script.secondPerson ? "second-person" : "starter";
  const settings = createMemorySettings({ failover: { approval } }, { clock: days.clock, log });
  const execute = (input: unknown): Execution => {
    const begun: Execution = {
      ...{ name: `e${executions.length + 1}`, input, state: null, retries: 0 },
      ...{ dueAt: world.now(), begunAt: 0, call: 0, over: false },
    };
    executions.push(begun);
    return begun;
  };
  const processOf = (name: string): Process => {
    const process: Process = { name, dead: false, before: async (call) => befalls(process, call) };
    return process;
  };
  const befalls = async (process: Process, call: string) => {
    if (calm()) return;
    if (random.chance(script.deaths)) {
      process.dead = true;
      tell(`${process.name} dies before ${call}`);
    }
    if (!random.chance(script.hangs)) return;
    // A call itself is given up after half a minute; what comes before it may hang for long.
    const ms = random.int(looks.includes(call) ? 25 * minute : 30_000);
    tell(`${process.name} hangs before ${call} for ${ms / 1000} s`);
    await until(world.now() + ms);
  };
  const killSwitch = {
    read: async () => {
      const engaged = world.switchedAt !== null;
      return { engaged, says: engaged ? "engaged: test" : "off" };
    },
  };
  const depsOf = (process: Process) => {
    const aside = calm() || !random.chance(0.05) ? 0 : random.int(180_000) - 90_000;
    return {
      ...{ ports: ofProcess(ports, process), log, ids, settings, killSwitch },
      clock: { ...days.clock, now: () => world.now() + aside },
      incidents: { getApproval: async () => null },
      workflow: {
        start: async (_name: string, input: unknown) => {
          execute(input);
          return "started" as const;
        },
      },
      situation: async () => ({
        ...{ cause: null, alarms: null, otherRun: null, killSwitch: await killSwitch.read() },
      }),
    };
  };
  const again = (of: Execution) => {
    of.retries += 1;
    of.over = of.retries > mostRetries || (!calm() && random.chance(0.3));
    of.dueAt = world.now() + 2000 * 2 ** of.retries;
    tell(`${of.name} ${of.over ? "has failed" : "is tried again"}`);
  };
  const failed = (of: Execution, error: unknown) => {
    if (!(error instanceof ResponderError)) broke(`${of.name} threw ${String(error)}`);
    if (!(error instanceof InvalidInputError)) return again(of);
    tell(`${of.name} is refused: ${messageOf(error)}`);
    of.over = true;
  };
  const answered = (of: Execution, state: FailoverState) => {
    Object.assign(of, { retries: 0, state, over: state.status !== "going-on" });
    of.dueAt = world.now() + state.seconds * 1000;
    const { runId, status, phase, says, nextCommand } = state;
    if (of.over) tell(`${of.name} ${runId} ${status} in ${phase}: ${says} NEXT ${nextCommand}`);
  };
  const begin = (of: Execution) => {
    of.call += 1;
    const { call } = of;
    Object.assign(of, { dueAt: null, begunAt: world.now() });
    const execution = { Name: of.name, RedriveCount: 0 };
    const asked =
      of.state === null
        ? ({ step: "begin", execution, input: of.input } as const)
        : ({ step: "go-on", execution, retries: of.retries, input: of.state } as const);
    const mine = () => of.call === call && !of.over;
    failoverStep(asked, depsOf(processOf(`${of.name}/${call}`))).then(
      (state) => mine() && "runId" in state && answered(of, state),
      (error: unknown) => mine() && failed(of, error),
    );
  };
  return {
    ...{ executions, execute },
    step: () => {
      for (const one of executions) {
        if (one.over) continue;
        if (one.dueAt !== null && world.now() >= one.dueAt) begin(one);
        else if (one.dueAt === null && world.now() - one.begunAt > callLimitMs) again(one);
      }
    },
    sweep: () => {
      failoverStep({ step: "sweep" }, depsOf(processOf("sweeper"))).catch((error: unknown) => {
        if (!(error instanceof ResponderError)) broke(`the sweeper threw ${String(error)}`);
      });
    },
  };
}
