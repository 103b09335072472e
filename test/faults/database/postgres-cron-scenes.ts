import type { PostgresStage } from "./postgres-session-scenes.ts";
import { counted, type Scenes } from "./scene.ts";

const job = { jobId: 1, name: "yearly", schedule: "0 0 1 1 *", database: "app", owner: "shop", runs: false };

export async function postgresCronScenes({ root, ask, session }: PostgresStage): Promise<Scenes> {
  await root.query(`grant usage on schema cron to shop;
    grant execute on function cron.alter_job(bigint, text, text, text, text, boolean) to shop`);
  await session("select cron.schedule('yearly', '0 0 1 1 *', 'select 1')");
  const digest = await ask("select md5(command) from cron.job");
  return {
    "pause-cron-job": {
      acting: /^SELECT cron\.alter_job/,
      ...counted(ask, "select count(*) from cron.job where not active", 1, async () => {
        await root.query("update cron.job set active = true");
        return { ...job, digest };
      }),
    },
  };
}
