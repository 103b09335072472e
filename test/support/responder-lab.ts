import { createMemoryAlarmStates } from "../../functions/adapters/memory/memory-alarm-states.ts";
import { createMemoryAlarms, type MemoryAlarm } from "../../functions/adapters/memory/memory-alarms.ts";
import { createMemoryDeadLetters } from "../../functions/adapters/memory/memory-dead-letters.ts";
import { createMemoryEvidenceStore } from "../../functions/adapters/memory/memory-evidence-store.ts";
import { runs } from "../../functions/adapters/memory/memory-failover-records.ts";
import { createMemoryIncidentStore } from "../../functions/adapters/memory/memory-incident-store.ts";
import { createMemoryKillSwitch } from "../../functions/adapters/memory/memory-kill-switch.ts";
import { createMemoryMetrics } from "../../functions/adapters/memory/memory-metrics.ts";
import { createMemoryRdsChanges } from "../../functions/adapters/memory/memory-rds-changes.ts";
import { createMemoryRdsControl } from "../../functions/adapters/memory/memory-rds-control.ts";
import { createMemorySettings } from "../../functions/adapters/memory/memory-settings.ts";
import { createMemoryWorkflow } from "../../functions/adapters/memory/memory-workflow.ts";
import type { RdsChanges } from "../../functions/core/change-ports.ts";
import type { Chat } from "../../functions/core/chat-port.ts";
import type { AlarmState, ContextSources } from "../../functions/core/context-ports.ts";
import type { Target } from "../../functions/core/contract/target.ts";
import type { Clock, Databases, Ids, Log, Metrics } from "../../functions/core/ports.ts";
import { createHandler as actAws } from "../../functions/handlers/act-aws.ts";
import { createHandler as actMysql } from "../../functions/handlers/act-mysql.ts";
import { createHandler as actPostgres } from "../../functions/handlers/act-postgres.ts";
import { createHandler as collect } from "../../functions/handlers/collect.ts";
import { createHandler as coordinate } from "../../functions/handlers/coordinate.ts";
import { createHandler as diagnose } from "../../functions/handlers/diagnose.ts";
import { createHandler as intake } from "../../functions/handlers/intake.ts";
import { createHandler as interaction } from "../../functions/handlers/interaction.ts";
import { createHandler as probeMysql } from "../../functions/handlers/probe-mysql.ts";
import { createHandler as probePostgres } from "../../functions/handlers/probe-postgres.ts";
import { createHandler as sweep } from "../../functions/handlers/sweep.ts";
import { awake, type MachineProps, runMachine, type StateHandler, startNext } from "./run-machine.ts";
import { createFailoverWorld } from "./skipped-world.ts";

export type { StateHandler } from "./run-machine.ts";

export interface ResponderLabProps extends MachineProps {
  readonly targets: readonly Target[];
  /** Databases that RDS knows and that are not ours: identifier → engine. */
  readonly foreign?: Readonly<Record<string, string>>;
  readonly databases: Databases;
  readonly settings: unknown;
  readonly chat: Chat;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** For pauses after a conflict; 0 where time stands still. */
  readonly random?: () => number;
  /** RDS as far as it can be changed; left out, it knows nothing. */
  readonly rdsChanges?: RdsChanges;
  readonly metrics?: Metrics;
  /** What AWS says besides metrics; left out, nothing is asked. */
  readonly context?: ContextSources;
  readonly alarms?: readonly MemoryAlarm[];
  /** How alarms stand; read at each look. */
  readonly alarmStates?: readonly AlarmState[];
  readonly signingSecret?: string;
}

/** The responder as deployed, over in-memory twins of AWS: real handlers, the synthesized state machine. */
export function createResponderLab(props: ResponderLabProps) {
  const { clock, ids, log, chat, databases } = props;
  const workflow = createMemoryWorkflow();
  const deps = {
    clock,
    ids,
    log,
    random: props.random ?? Math.random,
    chat,
    workflow,
    incidents: createMemoryIncidentStore(log),
    evidence: createMemoryEvidenceStore(),
    settings: createMemorySettings(props.settings, { clock, log }),
    killSwitch: createMemoryKillSwitch(),
    rds: createMemoryRdsControl({ targets: props.targets, foreign: props.foreign ?? {} }),
    rdsChanges: props.rdsChanges ?? createMemoryRdsChanges({ clock }),
    metrics: props.metrics ?? createMemoryMetrics([]),
    ...(props.context === undefined ? {} : { context: props.context }),
    alarms: createMemoryAlarms(props.alarms ?? []),
    // An alarm that is not in the list does not exist any more, and holds nothing back.
    alarmStates: createMemoryAlarmStates(props.alarmStates ?? []),
    deadLetters: createMemoryDeadLetters(),
    databases: () => databases,
    signingSecret: async () => props.signingSecret ?? "lab-signing-secret",
    resolve: async () => null,
    failoverRuns: runs(createFailoverWorld(0).world),
    answer: async () => "sent" as const,
  };
  const coordinator = coordinate(deps);
  const collector = collect(deps);
  const states: Readonly<Record<string, StateHandler>> = {
    WakeCoordinate: awake,
    WakeDiagnose: awake,
    WakeCollect: awake,
    WakeProbePostgres: awake,
    WakeProbeMysql: awake,
    Prepare: coordinator,
    NextRun: coordinator,
    Continue: startNext(workflow),
    Locate: collector,
    ReadPolicy: collector,
    Collect: collector,
    ProbePostgres: probePostgres(deps),
    ProbeMysql: probeMysql(deps),
    Diagnose: diagnose(deps),
    Announce: coordinator,
    Authorize: coordinator,
    ActOnAws: actAws(deps),
    ActOnPostgres: actPostgres(deps),
    ActOnMysql: actMysql(deps),
    Record: coordinator,
    Rest: coordinator,
    Close: coordinator,
    GiveUp: coordinator,
    TellUnknown: coordinator,
    AskWayBack: coordinator,
    TryWayBack: actAws(deps),
    TellWayBack: coordinator,
  };
  const stopped = new AbortController();
  const run = (name: string, input: unknown): Promise<unknown> =>
    runMachine(name, input, states, workflow, props, stopped.signal);
  workflow.onStart(async ({ name, input }) => {
    await run(name, input);
  });
  /** Ends every execution: one whose incident lasts would look at the database for as long as the process lives. */
  const stop = async (): Promise<void> => {
    stopped.abort();
    await workflow.idle();
  };
  return {
    deps,
    workflow,
    states,
    run,
    stop,
    sweep: sweep(deps),
    intake: intake(deps),
    interaction: interaction(deps),
  };
}
