import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createDynamoDbClient } from "../../functions/adapters/aws/clients.ts";
import { createDynamoIncidentStore } from "../../functions/adapters/aws/dynamo-incident-store.ts";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import { createVirtualClock } from "../../functions/adapters/memory/virtual-clock.ts";
import type { AuditRecord } from "../../functions/core/contract/work-order.ts";
import { anOutcome, aProposal } from "../support/incident-builder.ts";
import { anOrder } from "../support/order-builder.ts";
import { runCli } from "../support/run-cli.ts";
import { createIncidentTable } from "./incident-table.ts";
import { onEndpoint } from "./on-endpoint.ts";

await onEndpoint("responder audit", (aws) => {
  let table = "";
  const audit = (incident: string, ...more: readonly string[]) =>
    runCli("audit", incident, "--table", table, "--region", aws.region, ...more);

  beforeAll(async () => {
    vi.stubEnv("AWS_ENDPOINT_URL", aws.endpoint);
    table = await createIncidentTable(aws);
    const store = createDynamoIncidentStore({
      ...{ client: createDynamoDbClient(aws), table, clock: createVirtualClock(), ids: createRandomIds() },
      log: createCollectingLog(),
    });
    const { id: actionId, input } = aProposal();
    const order = anOrder({ orderId: "o1", incidentId: "inc-1", actionId, input, approvedBy: "UANA" });
    const head = { schema: "audit.v1", incidentId: "inc-1" } as const;
    const refusal = { guard: "kill-switch", reason: "It is engaged.", release: "Release it." };
    const records: readonly AuditRecord[] = [
      {
        ...head,
        orderId: "o0",
        phase: "withheld",
        at: "2026-11-21T14:01:00.000Z",
        order: null,
        outcome: null,
        refusal,
      },
      {
        ...head,
        orderId: "o1",
        phase: "ordered",
        at: "2026-11-21T14:03:00.000Z",
        order,
        outcome: null,
        refusal: null,
      },
      {
        ...{
          ...head,
          orderId: "o1",
          phase: "finished",
          at: "2026-11-21T14:03:02.000Z",
          order: null,
          refusal: null,
        },
        outcome: anOutcome({ orderId: "o1", summary: "Session 8123 is gone." }),
      },
    ];
    for (const record of records) await store.appendAudit(record);
  });
  afterAll(() => vi.unstubAllEnvs());

  it("K5 prints in order who decided, what was sent, which guard said no and what became of it", async () => {
    const { code, out } = await audit("inc-1");
    expect(code).toBe(0);
    const places = [
      "withheld",
      "kill-switch",
      "Release it.",
      "ordered",
      "UANA",
      "pg_terminate_backend",
      "8123 is gone",
    ];
    const found = places.map((words) => out.indexOf(words));
    expect(found).not.toContain(-1);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
  });

  it("K5 gives programs the records as they are stored, and says so of an incident without any", async () => {
    const json = await audit("inc-1", "--format", "json");
    expect(JSON.parse(json.out)).toHaveLength(3);
    const none = await audit("inc-unknown");
    expect(none).toMatchObject({ code: 1, out: expect.stringContaining("inc-unknown") });
  });

  it("K5 says that the table could not be read, and does not read as nothing done", async () => {
    const { code, err } = await runCli("audit", "inc-1", "--table", "no-such-table", "--region", aws.region);
    expect(code).toBe(3);
    expect(err).toContain("no-such-table");
  });
});
