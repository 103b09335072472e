import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createDynamoDbClient } from "../../functions/adapters/aws/clients.ts";
import { createDynamoIncidentStore } from "../../functions/adapters/aws/dynamo-incident-store.ts";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import type { IncidentStore } from "../../functions/core/ports.ts";
import { aDiagnosis, anIncident } from "../support/incident-builder.ts";
import { runCli } from "../support/run-cli.ts";
import { createIncidentTable } from "./incident-table.ts";
import { onEndpoint } from "./on-endpoint.ts";

await onEndpoint("responder incidents, ack and snooze", (aws) => {
  let table = "";
  let store: IncidentStore;
  const run = (...args: readonly string[]) => runCli(...args, "--table", table, "--region", aws.region);

  beforeAll(async () => {
    vi.stubEnv("AWS_ENDPOINT_URL", aws.endpoint);
    table = await createIncidentTable(aws);
    store = createDynamoIncidentStore({
      ...{ client: createDynamoDbClient(aws), table, clock: createSystemClock(), ids: createRandomIds() },
      log: createCollectingLog(),
    });
    await store.open(anIncident({ severity: "P1", diagnosis: aDiagnosis() }));
  });
  afterAll(() => vi.unstubAllEnvs());

  it("K5 lists what is open, shows one with its timeline, and says that there is none of an id", async () => {
    expect(await run("incidents", "list")).toMatchObject({
      code: 0,
      out: expect.stringContaining("inc-7f3a"),
    });
    const shown = await run("incidents", "show", "--incident", "inc-7f3a");
    expect(shown.out).toMatch(/orders-prod[\s\S]*Timeline[\s\S]*is in ALARM/);
    expect(await run("incidents", "show", "--incident", "inc-none")).toMatchObject({ code: 1 });
  });

  it("K5 V5 acknowledges the incident that is meant, and no other", async () => {
    expect(await run("ack", "billing")).toMatchObject({ code: 1 });
    expect(await run("ack", "orders-prod", "--by", "ada")).toMatchObject({
      code: 0,
      out: expect.stringContaining("in your hands"),
    });
    expect((await store.get("inc-7f3a"))?.acknowledged?.by).toBe("ada (command line)");
  });

  it("K5 A40 snoozes for a time and a reason, lists it, and ends it", async () => {
    const reason = ["--reason", "moving tables", "--by", "ada"];
    expect(await run("snooze", "orders-prod", "--for", "2h", ...reason)).toMatchObject({ code: 0 });
    expect((await store.snoozes()).list).toMatchObject([{ name: "orders-prod", reason: "moving tables" }]);
    expect((await run("snooze")).out).toMatch(/Snoozed: orders-prod until .* by ada \(command line\)/);
    expect(await run("snooze", "orders-prod", "--for", "48h", ...reason)).toMatchObject({ code: 1 });
    expect(await run("snooze", "orders-prod", "--for", "soon", ...reason)).toMatchObject({ code: 2 });
    expect(await run("snooze", "orders-prod", "--off")).toMatchObject({ code: 0 });
    expect((await store.snoozes()).list).toEqual([]);
  });

  it("K5 says that the table could not be used", async () => {
    const { code, err } = await runCli("snooze", "--table", "no-such-table", "--region", aws.region);
    expect(code).toBe(3);
    expect(err).toContain("no-such-table");
  });
});
