import { existsSync } from "node:fs";
import { createRandomIds } from "../../../functions/adapters/aws/random-ids.ts";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import { createMemoryMetrics } from "../../../functions/adapters/memory/memory-metrics.ts";
import { createSlackChat } from "../../../functions/adapters/slack/slack-chat.ts";
import type { Target } from "../../../functions/core/contract/target.ts";
import { databasesWith } from "../../../functions/wiring-databases.ts";
import { createResponderLab } from "../../support/responder-lab.ts";
import { createSkippingClock } from "../../support/skipping-clock.ts";
import { mysqlAvailability } from "../engines/available.ts";
import type { LabServer } from "../engines/lab-server.ts";
import { startMariadb } from "../engines/mariadb-server.ts";
import { startMysql } from "../engines/mysql-server.ts";
import { startPostgres } from "../engines/postgres-server.ts";
import { createLabUsers } from "../engines/sql.ts";
import { dana, startSlack } from "../slack/server.ts";
import { type ConnectionAlarm, startConnectionAlarm } from "./connection-alarm.ts";
import { createOrders, createResponderUsers, responderPassword, targetOf } from "./database.ts";
import { startInteractionServer } from "./interaction-server.ts";
import { say } from "./progress.ts";
import { startWorkload, type Workload } from "./workload.ts";

export interface StagedDatabase {
  readonly name: string;
  readonly server: LabServer;
  readonly target: Target;
  readonly alarm: ConnectionAlarm;
  readonly workload: Workload;
}

const signingSecret = "demo-signing-secret";

/** Half an hour of watching after each incident, in about two seconds. */
const watchMs = 60;

const settings = {
  // A real alarm comes minutes after its cause; this one, and what it counts as lasting, in seconds.
  thresholds: { manyWaitingSeconds: 0.5 },
  watch: { checkSeconds: 20, healthySeconds: 1800, healthyCheckSeconds: 60 },
  policy: { approvers: [dana.id], pauseAfterActionSeconds: 5 },
};

export async function openStage(definition: object) {
  const [postgres, mysql] = await Promise.all([
    startPostgres({ major: 17, maxConnections: 100, replicas: 1 }).then((server) =>
      stageDatabase(server, "orders-pg", "auto"),
    ),
    startMysqlOrMariadb().then((server) => stageDatabase(server, "orders-my", "approve")),
  ]);
  const clock = createSkippingClock();
  let interactionUrl = "";
  const slack = await startSlack({
    signingSecret,
    interactionUrl: () => interactionUrl,
    now: () => clock.now(),
  });
  const lab = createResponderLab({
    definition,
    targets: [postgres.target, mysql.target],
    databases: databasesWith(
      async (_target, purpose) => ({
        user: purpose === "act" ? "rds_responder_act" : "rds_responder",
        password: responderPassword,
        iam: false,
      }),
      { mode: "off" },
    ),
    settings,
    chat: createSlackChat({ token: async () => slack.token, apiUrl: slack.apiUrl, clock }),
    clock,
    ids: createRandomIds(),
    log: createCollectingLog(),
    metrics: createMemoryMetrics((query) => {
      const database = [postgres, mysql].find((one) => one.name === query.dimensions["DBInstanceIdentifier"]);
      return database !== undefined && query.name === "DatabaseConnections"
        ? database.alarm.series()
        : { missing: "the lab samples DatabaseConnections only" };
    }),
    signingSecret,
    watchMs,
    onWatch: (seconds) => clock.skip(Math.max(0, seconds * 1000 - watchMs)),
  });
  const interactions = await startInteractionServer(lab.interaction);
  interactionUrl = interactions.url;
  const close = async (): Promise<number> => {
    for (const { alarm, workload } of [postgres, mysql]) {
      await workload.stop();
      await alarm.stop();
    }
    await interactions.stop();
    await slack.stop();
    await Promise.all([postgres.server.stop(), mysql.server.stop()]);
    return [postgres.server, mysql.server].reduce((sum, server) => sum + leftoversOf(server), 0);
  };
  return { databases: { postgres, mysql }, slack, lab, clock, close };
}

export type Stage = Awaited<ReturnType<typeof openStage>>;

async function startMysqlOrMariadb(): Promise<LabServer> {
  const mysql = await mysqlAvailability();
  if (mysql.ok) return startMysql({ maxConnections: 100 });
  say(`MySQL cannot be had here (${mysql.reason.split("\n")[0]}); MariaDB takes its place`);
  return startMariadb({ maxConnections: 100 });
}

async function stageDatabase(server: LabServer, name: string, mode: string): Promise<StagedDatabase> {
  await createLabUsers(server);
  await createOrders(server);
  await createResponderUsers(server);
  const alarm = await startConnectionAlarm(server, name);
  const workload = await startWorkload(server);
  const replicas = server.replicas.length > 0 ? `, ${server.replicas.length} streaming replica` : "";
  say(`${server.engine} ${server.version} from ${server.source}${replicas}: ${name} on port ${server.port}`);
  return {
    name,
    server,
    target: { ...targetOf(server, name), tags: { "rds-responder:mode": mode } },
    alarm,
    workload,
  };
}

/** Processes and directories of a stopped server and its replicas that are still there. */
function leftoversOf(server: LabServer): number {
  return [server, ...server.replicas].filter((node) => existsSync(node.dataDir) || isRunning(node.pid))
    .length;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch {
    return false;
  }
}

/** A dead process whose parent has not asked for its end is not left running. */
function isZombie(pid: number): boolean {
  return !existsSync(`/proc/${pid}/exe`);
}
