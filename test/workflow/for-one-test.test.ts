import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresAvailability } from "../lab/engines/available.ts";
import { describeEngine } from "../lab/engines/describe-engine.ts";
import type { PostgresServer } from "../lab/engines/lab-server.ts";
import { closeAll, openSession, waitUntil } from "../lab/engines/sql.ts";
import { respondDefinition } from "../support/synth.ts";
import { faultOnAccount, responderFor } from "./for-one-test.ts";
import { fire, startBank } from "./support.ts";

describeEngine("a test of the workflow", await postgresAvailability(17), () => {
  let server: PostgresServer;
  let definition: object;
  let left: ReturnType<typeof responderFor> | null = null;

  beforeAll(async () => {
    [server, definition] = await Promise.all([startBank(), respondDefinition()]);
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
  });

  it("Q3 may end in the middle, with locks held and an incident that is watched", async () => {
    await faultOnAccount(server, 2);
    left = responderFor(server, definition, { mode: "observe" });
    await fire(left);
  });

  it("Q3 leaves neither locks nor a watching responder to the next one", async () => {
    await left?.workflow.idle();
    const admin = await openSession(server);
    const open = async (): Promise<number> =>
      Number(
        (await admin.query("SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'shop'")).rows[0]
          .n,
      );
    await waitUntil(async () => (await open()) === 0, { what: "the sessions of the test before are gone" });
    await closeAll([admin]);
    const { bystanderIsWell } = await faultOnAccount(server, 2);
    expect(await bystanderIsWell()).toBe(true);
  });
});
