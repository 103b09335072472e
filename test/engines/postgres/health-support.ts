import type { Client } from "pg";
import type { ProbeResult } from "../../../functions/core/contract/evidence.ts";
import { grantScript } from "../../../functions/core/grants/grant-script.ts";
import type { Clock } from "../../../functions/core/ports.ts";
import type { ProbeContext } from "../../../functions/core/probes/define.ts";
import { type AnyProbe, runProbes } from "../../../functions/core/probes/run-probes.ts";
import { defaultSettings, type Settings } from "../../../functions/core/settings.ts";
import { type PostgresServer, startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, openSession } from "../../lab/engines/sql.ts";
import { blindLogin, probeLogin, sessionAs, targetAt } from "./postgres-lab.ts";

export interface HealthLab {
  readonly server: PostgresServer;
  /** A superuser in database app; owns what tests make. */
  readonly admin: Client;
  /** Runs probes as a user with exactly the shipped grants, or with none. */
  ask(probes: readonly AnyProbe[], options?: AskOptions): Promise<ProbeResult[]>;
  stop(): Promise<void>;
}

export interface AskOptions {
  readonly login?: { user: string; password: string };
  readonly settings?: Settings;
}

const clock: Clock = { now: () => performance.now(), sleep: () => Promise.resolve() };

export async function startHealthLab(major: 14 | 15 | 16 | 17 | 18): Promise<HealthLab> {
  const server = await startPostgres({ major, settings: { autovacuum: "off" } });
  const admin = await openSession(server, { user: "rdsadmin", applicationName: "setup" });
  const { user, password } = probeLogin;
  await admin.query(
    grantScript({ engine: "postgres", role: "probe", auth: "password", user }).replace(
      "'choose-one'",
      `'${password}'`,
    ),
  );
  await admin.query(`create role ${blindLogin.user} login password '${blindLogin.password}'`);
  return {
    server,
    admin,
    async ask(probes, { login = probeLogin, settings = defaultSettings } = {}) {
      const session = await sessionAs(login, server.port, { statementTimeoutMs: 10_000 });
      try {
        const context: ProbeContext = { target: targetAt(server.port), server: session.server, settings };
        return await runProbes(session, probes, context, clock);
      } finally {
        await session.close();
      }
    },
    async stop() {
      await closeAll([admin]);
      await server.stopNow();
    },
  };
}

export function only(results: readonly ProbeResult[]): ProbeResult {
  const [result] = results;
  if (!result) throw new Error("no result");
  return result;
}
