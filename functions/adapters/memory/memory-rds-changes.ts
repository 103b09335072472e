import type {
  Changeable,
  Orderable,
  ParameterState,
  RdsChanges,
  SnapshotState,
  ValidStorage,
} from "../../core/change-ports.ts";
import { AwsError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports.ts";
import type { AwsCall, CallInput } from "../../core/text/aws-call.ts";

import { createMemoryGroups } from "./memory-groups.ts";
import { createMemoryMade, type MemoryMade } from "./memory-made.ts";

type Answer = AwsError | "lost" | "slow";

export interface MemoryRdsChanges extends RdsChanges {
  /** Everything that was sent and reached RDS, in order. */
  readonly sent: readonly AwsCall[];
  /**
   * The next calls answer so, one each; "lost": carried out, and the answer does not come; "slow": so too, and it waits
   * while the status is what it was.
   */
  readonly answers: Answer[];
  readonly databases: Changeable[];
  /** Whether CloudTrail can be asked. */
  readonly trail: { isReadable: boolean };
  readonly beside: MemoryMade;
  /** What was begun ends now: pending values are there, and everything is available. */
  settle(): void;
}

/** RDS that takes a change at once and carries it out when it is told to. */
export function createMemoryRdsChanges({
  clock,
  databases = [],
  orderable = [],
  valid = [],
  parameters = [],
}: {
  readonly clock: Clock;
  readonly databases?: readonly Changeable[];
  readonly orderable?: readonly (Orderable & { readonly instanceClass: string })[];
  readonly valid?: readonly ValidStorage[];
  /** The same in every group. */
  readonly parameters?: readonly ParameterState[];
}): MemoryRdsChanges {
  const known = [...databases];
  const sent: AwsCall[] = [];
  const answers: Answer[] = [];
  const snapshots = new Map<string, SnapshotState>();
  const groups = createMemoryGroups(parameters);
  const trail = { isReadable: true };
  const calls: { readonly id: unknown; readonly operation: string; readonly at: string }[] = [];
  const events: { of: string; at: string; says: string }[] = [];
  const find = (id: unknown) => known.findIndex((one) => one.id === id);
  const beside = createMemoryMade(clock);
  const take = (call: AwsCall, isSlow: boolean): void => {
    if (call.operation.endsWith("ParameterGroup")) {
      if (!groups.take(call)) throw new AwsError("DBParameterGroupAlreadyExists", true, "exists");
      sent.push(call);
      return;
    }
    const at = find(call.input["DBInstanceIdentifier"] ?? call.input["DBClusterIdentifier"]);
    const state = known[at];
    if (state === undefined) throw new AwsError("DBInstanceNotFoundFault", true, "not found");
    sent.push(call);
    calls.push({ id: state.id, operation: call.operation, at: new Date(clock.now()).toISOString() });
    const snapshot = call.input["DBSnapshotIdentifier"] ?? call.input["DBClusterSnapshotIdentifier"];
    if (snapshot !== undefined) {
      if (snapshots.has(String(snapshot))) throw new AwsError("DBSnapshotAlreadyExists", true, "exists");
      const { id: of, resourceId } = state;
      const createdAt = new Date(clock.now()).toISOString();
      snapshots.set(String(snapshot), { of, resourceId, createdAt, status: "creating", percent: 10 });
      return;
    }
    known[at] = taken(state, call, isSlow);
  };
  return {
    sent,
    answers,
    databases: known,
    trail,
    callsOn: async (id, operation, { from, to }) =>
      trail.isReadable
        ? calls.flatMap((one) => {
            const at = Date.parse(one.at);
            return one.id === id && one.operation === operation && at >= from && at <= to ? [one.at] : [];
          })
        : null,
    beside,
    made: async ({ id }) => beside.made.find((one) => one.id === id) ?? null,
    proxyPool: async (proxy) => beside.pools.get(proxy) ?? null,
    describe: async ({ kind, id }) => known.find((one) => one.kind === kind && one.id === id) ?? null,
    orderable: async ({ instanceClass }) => orderable.filter((one) => one.instanceClass === instanceClass),
    validStorage: async () => valid,
    parameters: async ({ of }, names) => {
      const known = groups.parameters(of, names);
      if (known === null) throw new AwsError("DBParameterGroupNotFound", true, "not found");
      return known;
    },
    groupState: async ({ of }) => groups.state(of),
    usersOf: async ({ of }) =>
      known.flatMap(({ id, parameterGroups }) =>
        parameterGroups.filter(({ name }) => name === of).map(({ status }) => ({ id, status })),
      ),
    snapshot: async ({ id }) => snapshots.get(id) ?? null,
    events: async ({ id }, since) =>
      events
        .filter(({ of, at }) => of === id && Date.parse(at) >= since)
        .map(({ at, says }) => ({ at, says })),
    send: async (call) => {
      const answer = answers.shift();
      if (answer instanceof AwsError) throw answer;
      if (beside.take(call)) sent.push(call);
      else take(call, answer === "slow");
      if (answer !== undefined) throw new AwsError("TimeoutError", false, "no answer came");
    },
    settle: () => {
      beside.settle();
      for (const [index, state] of known.entries()) {
        if (state.status === "rebooting")
          events.push({
            of: state.id,
            at: new Date(clock.now()).toISOString(),
            says: "DB instance restarted",
          });
        const parameterGroups = state.parameterGroups.map(({ name, status }) => ({
          ...{ name, status: status === "applying" ? "pending-reboot" : status },
        }));
        const has = Object.fromEntries(
          state.pending.map(({ name, value }) => [name, asWas(state, name, value)]),
        );
        known[index] = {
          ...state,
          parameterGroups,
          status: "available",
          pending: [],
          has: { ...state.has, ...has },
        };
      }
      for (const [name, one] of snapshots) snapshots.set(name, { ...one, status: "available", percent: 100 });
    },
  };
}

function taken(state: Changeable, { operation, input }: AwsCall, isSlow: boolean): Changeable {
  const isReboot = operation.startsWith("Reboot");
  const status = isReboot ? "rebooting" : "modifying";
  const group = input["DBParameterGroupName"] ?? input["DBClusterParameterGroupName"];
  if (group !== undefined)
    return { ...state, parameterGroups: [{ name: String(group), status: "applying" }] };
  return { ...state, status: isSlow ? state.status : status, pending: isReboot ? [] : pendingOf(input) };
}

function pendingOf(input: CallInput): Changeable["pending"] {
  const range = input["ServerlessV2ScalingConfiguration"];
  const values = { ...input, ...(typeof range === "object" ? range : {}) };
  return Object.entries(values).flatMap(([name, value]) =>
    /Identifier$|^ApplyImmediately$/.test(name) || typeof value === "object"
      ? []
      : [{ name, value: String(value) }],
  );
}

function asWas(state: Changeable, name: string, value: string | null): string | number {
  return typeof state.has[name] === "number" || /^\d+(\.\d+)?$/.test(value ?? "")
    ? Number(value)
    : (value ?? "");
}
