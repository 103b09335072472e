import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { type ClientSettings, createDynamoDbClient } from "../../functions/adapters/aws/clients.ts";
import { createDynamoIncidentStore } from "../../functions/adapters/aws/dynamo-incident-store.ts";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import { createMemoryIncidentStore } from "../../functions/adapters/memory/memory-incident-store.ts";
import { firstNote } from "../../functions/core/contract/way-back.ts";
import { anIncident } from "../support/incident-builder.ts";
import { approvalsContract, decided, pending } from "./approvals.contract.ts";
import { groupLockContract } from "./group-lock.contract.ts";
import { incidentStoreContract } from "./incident-store.contract.ts";
import { createIncidentTable } from "./incident-table.ts";
import { type Behaviour, forward, type LoopbackRequest, startLoopback } from "./loopback.ts";
import { onEndpoint } from "./on-endpoint.ts";

describe("incident store in memory", () => {
  groupLockContract(async () => createMemoryIncidentStore());
  incidentStoreContract(async () => createMemoryIncidentStore());
  approvalsContract(async () => createMemoryIncidentStore());
});

await onEndpoint("incident store in DynamoDB", (aws) => {
  const make = async () => storeOn(aws, await createIncidentTable(aws));
  groupLockContract(make);
  incidentStoreContract(make);
  approvalsContract(make);
  describe("when DynamoDB or the way to it fails", () => faults(aws));

  it("Q3 lets the table forget signals and approvals, never incidents and audit records", async () => {
    const table = await createIncidentTable(aws);
    const store = storeOn(aws, table);
    await store.open(anIncident({ id: "inc-1" }));
    await store.putApproval(pending({ expiresAt: "2026-11-21T14:20:00.000Z" }));
    const item = await read(aws, table, "APPROVAL#approval-1", "STATE");
    expect(item?.["ttl"]).toEqual({ N: String(Date.parse("2026-12-21T14:20:00.000Z") / 1000) });
    expect((await read(aws, table, "INCIDENT#inc-1", "STATE"))?.["ttl"]).toBeUndefined();
  });

  it("Q3 refuses to read an item that is not an incident", async () => {
    const table = await createIncidentTable(aws);
    await createDynamoDbClient(aws).send(
      new PutItemCommand({
        TableName: table,
        Item: { pk: { S: "INCIDENT#inc-1" }, sk: { S: "STATE" }, body: { S: '{"schema":"incident.v1"}' } },
      }),
    );
    await expect(storeOn(aws, table).get("inc-1")).rejects.toThrow(
      /INCIDENT#inc-1 STATE is not what belongs/,
    );
  });

  it("Q3 names in the log each note of a way back that cannot be read, and lists the others", async () => {
    const [table, log] = [await createIncidentTable(aws), createCollectingLog()];
    const store = storeOn(aws, table, log);
    const note = firstNote("inc-1", "order-1", "2026-11-21T14:03:10.000Z");
    await store.putWayBack(note);
    await putItem(aws, table, { pk: "WAYS-BACK", sk: "NOTE#inc-0#order-0", body: "{" });
    expect(await store.wayBacks()).toEqual([note]);
    expect(log.lines.map(({ event }) => event)).toEqual(["way-back.unreadable"]);
  });

  it("Q3 names in the log each lock that cannot be read, and lists the others", async () => {
    const [table, log] = [await createIncidentTable(aws), createCollectingLog()];
    const store = storeOn(aws, table, log);
    await store.open(anIncident({ id: "inc-1" }));
    await putItem(aws, table, { pk: "OPEN", sk: "GROUP#bills", body: "{" });
    await putItem(aws, table, { pk: "OPEN", sk: "GROUP#carts" });
    expect((await store.custodies()).map(({ incidentId }) => incidentId)).toEqual(["inc-1"]);
    expect(log.lines.map(({ level, fields }) => `${level} ${fields["reason"]}`)).toEqual([
      expect.stringMatching(/^error item OPEN GROUP#bills is not what belongs there/),
      expect.stringMatching(/^error item OPEN GROUP#carts is not what belongs there/),
    ]);
  });
});

async function putItem(aws: ClientSettings, table: string, item: Readonly<Record<string, string>>) {
  const Item = Object.fromEntries(Object.entries(item).map(([name, S]) => [name, { S }]));
  await createDynamoDbClient(aws).send(new PutItemCommand({ TableName: table, Item }));
}

function faults(aws: ClientSettings): void {
  it("Q3 repeats a call that was throttled once", async () => {
    const table = await createIncidentTable(aws);
    const way = await through(aws, () => throttled);
    await storeOn(way.settings, table).open(anIncident({ id: "inc-1" }));
    expect(way.requests.length).toBeGreaterThan(1);
    expect(await storeOn(aws, table).openIncidentOf(anIncident().group)).toBe("inc-1");
  });

  it("Q3 knows its own open, signal, audit record, save and decision when the answer was lost", async () => {
    const table = await createIncidentTable(aws);
    const incident = anIncident({ id: "inc-1", revision: 0 });
    const loseAnswer = async (request: LoopbackRequest): Promise<Behaviour> => {
      await forward(aws.endpoint, request);
      return "hang-up";
    };
    const lossy = async (work: (store: ReturnType<typeof storeOn>) => Promise<unknown>) => {
      const way = await through(aws, loseAnswer);
      const result = await work(storeOn(way.settings, table));
      expect(way.requests.length).toBeGreaterThan(1);
      return result;
    };
    expect(await lossy((store) => store.open(incident))).toEqual({ kind: "opened" });
    expect(await lossy((store) => store.recordSignal("inc-1", "signal-1"))).toBe(true);
    expect(await lossy((store) => store.save(incident))).toMatchObject({ revision: 1 });
    await lossy((store) => store.putApproval(pending()));
    expect(await lossy((store) => store.replaceApproval(pending(), decided("approved", "U1")))).toBe(true);
    expect(await lossy((store) => store.replaceApproval(pending(), decided("approved", "U2")))).toBe(false);
  });

  it("Q2 gives up on a DynamoDB that does not answer", async () => {
    const silent = await startLoopback(() => "silence");
    await expect(storeOn({ ...aws, endpoint: silent.endpoint }, "any").get("inc-1")).rejects.toThrow(/tim/i);
    expect(silent.requests).toHaveLength(3);
  });
}

const throttled: Behaviour = {
  status: 400,
  headers: { "content-type": "application/x-amz-json-1.0" },
  body: JSON.stringify({
    __type: "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
    message: "The level of configured provisioned throughput for the table was exceeded.",
  }),
};

/** A way to the endpoint on which the first request meets the fault. */
async function through(
  aws: ClientSettings,
  fault: (request: LoopbackRequest) => Behaviour | Promise<Behaviour>,
) {
  const { endpoint, requests } = await startLoopback((request, serial) =>
    serial === 1 ? fault(request) : forward(aws.endpoint, request),
  );
  return { settings: { ...aws, endpoint }, requests };
}

function storeOn(aws: ClientSettings, table: string, log = createCollectingLog()) {
  const client = createDynamoDbClient(aws);
  return createDynamoIncidentStore({
    ...{ client, table, log },
    ...{ clock: createSystemClock(), ids: createRandomIds() },
  });
}

async function read(aws: ClientSettings, table: string, pk: string, sk: string) {
  const command = new GetItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: sk } } });
  return (await createDynamoDbClient(aws).send(command)).Item;
}
