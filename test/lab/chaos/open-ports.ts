import {
  type ClientSettings,
  createCloudWatchClient,
  createDynamoDbClient,
  createRdsChangeClient,
  createRdsClient,
  createSsmClient,
} from "../../../functions/adapters/aws/clients.ts";
import { createCloudWatchMetrics } from "../../../functions/adapters/aws/cloudwatch-metrics.ts";
import { createAwsNames } from "../../../functions/adapters/aws/failover/aws-names.ts";
import { createDynamoFailoverLock } from "../../../functions/adapters/aws/failover/dynamo-failover-lock.ts";
import { createDynamoRunStore } from "../../../functions/adapters/aws/failover/dynamo-run-store.ts";
import { createRdsControlPlane } from "../../../functions/adapters/aws/failover/rds-control-plane.ts";
import { createRoute53Client } from "../../../functions/adapters/aws/failover/route53-record.ts";
import { createRandomIds } from "../../../functions/adapters/aws/random-ids.ts";
import { describeInstance } from "../../../functions/adapters/aws/rds-describe.ts";
import { groupName } from "../../../functions/adapters/aws/rds-names.ts";
import { targetOf } from "../../../functions/adapters/aws/rds-target.ts";
import { createSecretsClient } from "../../../functions/adapters/aws/secrets.ts";
import { createSystemClock } from "../../../functions/adapters/aws/system-clock.ts";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import type { DatabaseRef } from "../../../functions/core/contract/signal.ts";
import type { Target } from "../../../functions/core/contract/target.ts";
import { mysqlDoor } from "../../../functions/core/failover/door/mysql-door.ts";
import { createNodeDoor } from "../../../functions/core/failover/door/node-door.ts";
import { postgresDoor } from "../../../functions/core/failover/door/postgres-door.ts";
import type { Approval, FailoverPorts, Voice } from "../../../functions/core/failover/ports.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { databasesWith } from "../../../functions/wiring-databases.ts";
import { createIncidentTable } from "../../contract/incident-table.ts";
import type { Engine } from "../engines/lab-server.ts";
import { responderPassword } from "../rds/responder-users.ts";
import type { Lab } from "../rds/start-lab.ts";
import type { Approver } from "./approver.ts";

/** What was said to people, and by which run. */
export interface Told {
  readonly run: string;
  readonly headline: string;
}

interface Places {
  readonly engine: Engine;
  readonly quarantineGroup: string;
  readonly approver: Approver | undefined;
}

/** The adapters that ship, against the lab. Only the voice is a twin: it keeps what it was given. */
export async function openPorts(
  lab: Lab,
  { engine, quarantineGroup, approver }: Places,
): Promise<{ readonly ports: FailoverPorts; readonly told: readonly Told[] }> {
  const aws: ClientSettings = { region: lab.region, endpoint: lab.endpoint };
  const clock = createSystemClock();
  const table = await createIncidentTable(aws);
  const shared = { client: createDynamoDbClient(aws), table, ids: createRandomIds() };
  const runs = createDynamoRunStore({ ...shared, clock });
  const lock = createDynamoFailoverLock({ ...shared, runs, clock });
  const { record, hostedZoneId: zoneId } = lab.description().names;
  // One set, kept for the next look, as it ships.
  const regional = {
    reads: createRdsClient(aws),
    writes: createRdsChangeClient(aws),
    metrics: createCloudWatchMetrics({ client: createCloudWatchClient(aws) }),
  };
  const controlPlane = createRdsControlPlane({
    region: lab.region,
    at: () => regional,
    ...{ clock, records: lock },
    places: async () => ({ names: [{ kind: "route53", zoneId, record }], quarantineGroup }),
  });
  const admit: Parameters<typeof createNodeDoor>[0]["admit"] = (stamp, signal) =>
    lock.admit(stamp, { kind: "change" }, signal);
  const door = createNodeDoor({
    ...{ clock, log: createCollectingLog(), admit, engineOf: () => doors[engine] },
    settings: { ...defaultSettings, probing: { ...defaultSettings.probing, connectTimeoutMs: 2000 } },
    find: finder(lab, aws),
    databases: () => databasesWith(signIn, { mode: "off" }),
  });
  const names = createAwsNames({
    ...{ rds: createRdsClient(aws), route53: createRoute53Client(aws), secrets: createSecretsClient(aws) },
    ...{ ssm: createSsmClient(aws), clock, admit },
    takesWrites: async (node, topology, signal) => (await door.look(node, topology, signal)).writable,
    resolve: async () => lab.resolve("dns").host,
  });
  const told: Told[] = [];
  return { ports: { controlPlane, door, names, lock, voice: voiceInto(told, approver), runs }, told };
}

const doors = { postgres: postgresDoor, mysql: mysqlDoor, mariadb: mysqlDoor } as const;
const { probeUser, actUser } = defaultSettings.database;

async function signIn(_target: Target, purpose: "probe" | "act") {
  return { user: purpose === "act" ? actUser : probeUser, password: responderPassword, iam: false };
}

/** As RDS describes it, reached by the responder's own way: one door to each database. */
function finder(lab: Lab, aws: ClientSettings) {
  const client = createRdsClient(aws);
  return async ({ id }: DatabaseRef, signal?: AbortSignal): Promise<Target | null> => {
    const instance = await describeInstance({ client, signal }, { id });
    if (instance === null) return null;
    const { host, port } = await lab.database(id).doors.open("responder", { use: "responder" });
    return { ...targetOf(instance, null, groupName(instance, id)), host, port };
  };
}

function voiceInto(told: Told[], approver: Approver | undefined): Voice {
  const askedAt = new Map<string, number>();
  return {
    announce: async ({ message, stamp }) => {
      told.push({ run: stamp.run, headline: message.headline });
    },
    ask: async ({ stamp }) => {
      askedAt.set(stamp.run, Date.now());
    },
    // A line on the way is no end that was told.
    tell: async () => null,
    approval: async (run) => answerOf(askedAt.get(run), approver),
  };
}

/** Whom nobody answers waits for minutes, in the shipped voice; here as long as the approver says. */
function answerOf(askedAt: number | undefined, approver: Approver | undefined): Approval | null {
  if (askedAt === undefined) return null;
  if (approver === undefined || Date.now() < askedAt + approver.afterMs) return { is: "pending" };
  const { answers, afterMs } = approver;
  return { is: answers === "never" ? "expired" : answers, at: askedAt + afterMs, by: "a person" };
}
