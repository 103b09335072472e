import type { Client } from "pg";
import { targetIn } from "../../engines/actions/support.ts";
import type { PostgresServer } from "../../lab/engines/lab-server.ts";
import { closeAll, waitUntil } from "../../lab/engines/sql.ts";
import { type Ask, counted, type Scenes } from "./scene.ts";

export interface PostgresStage {
  readonly server: PostgresServer;
  readonly root: Client;
  readonly ask: Ask;
  /** Of an application; stays open when the scene is over. */
  session(...statements: readonly string[]): Promise<Client>;
}

const webs = "select count(*) from pg_stat_activity where application_name = 'web'";

export function postgresSessionScenes({ server, ask, session }: PostgresStage): Scenes {
  let victim = 0;
  const isIt = `select count(*) from pg_stat_activity where pid = `;
  const became = async (client: Client): Promise<void> => {
    victim = Number((await client.query("select pg_backend_pid() as pid")).rows[0].pid);
  };
  const idleFor = async (seconds: number): Promise<void> => {
    const old = `${webs} and greatest(state_change, backend_start) < now() - interval '${seconds} s'`;
    await waitUntil(async () => (await ask(old)) !== "0", { what: "one has idled for long enough" });
  };
  const terminates = /^select a\.pid, pg_terminate_backend/;
  let transactions = 0;
  let rows = 1;
  return {
    "terminate-session": {
      acting: terminates,
      prepare: async () => {
        await became(await session("begin", `update public.orders set v = v where id = ${rows++}`));
        return targetIn(server, victim, "idle-in-transaction");
      },
      done: async () => 1 - Number(await ask(`${isIt}${victim}`)),
    },
    "cancel-query": {
      acting: /^select a\.pid, pg_cancel_backend/,
      prepare: async () => {
        const client = await session();
        await became(client);
        client.query("select pg_sleep(80)").catch(() => undefined);
        return targetIn(server, victim, "active");
      },
      done: async () => 1 - Number(await ask(`${isIt}${victim} and state = 'active'`)),
    },
    "end-idle-sessions": {
      ...{ acting: terminates, noTrace: true },
      ...counted(ask, webs, -1, async () => {
        await idleFor(2);
        return { user: "shop", application: "web", state: "idle", overSeconds: 1, most: 1 };
      }),
    },
    "end-sessions": {
      ...{ acting: terminates, noTrace: true },
      ...counted(ask, webs, -1, async () => {
        await idleFor(6);
        return { overSeconds: 5, most: 1 };
      }),
    },
    "finish-prepared-transaction": {
      acting: /^COMMIT PREPARED/,
      noTrace: true,
      ...counted(ask, "select count(*) from public.paid", 1, async () => {
        const gid = `paid-${transactions++}`;
        const insert = ["begin", "insert into public.paid default values", `prepare transaction '${gid}'`];
        await closeAll([await session(...insert)]);
        const prepared = await ask(`select prepared::text from pg_prepared_xacts where gid = '${gid}'`);
        return { gid, decision: "commit", prepared };
      }),
    },
  };
}
