import { describe, expect, it } from "vitest";
import type { ClientSettings } from "../../functions/adapters/aws/clients.ts";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import * as asWritten from "../support/adapters-to-bundle.ts";
import { bundledFile } from "../support/bundled-adapters.ts";
import { createBucket, evidenceIn } from "../support/evidence-bucket.ts";
import { anIncident } from "../support/incident-builder.ts";
import { channelOfSlack } from "./channel-of-slack.ts";
import { chatContract } from "./chat.contract.ts";
import { evidenceStoreContract } from "./evidence-store.contract.ts";
import { createIncidentTable } from "./incident-table.ts";
import { onEndpoint } from "./on-endpoint.ts";

const bundled: typeof asWritten = await bundledFile("test/support/adapters-to-bundle.ts");

describe("a channel of Slack, as bundled", () => {
  chatContract(() => channelOfSlack(bundled.createSlackChat));
});

await onEndpoint("stores of AWS, as bundled,", (aws) => {
  evidenceStoreContract(async () => {
    const bucket = await createBucket(aws);
    const store = bundled.createS3EvidenceStore({ ...aws, bucket, now: Date.now });
    return { ...store, get: (id) => evidenceIn(aws, bucket, id) };
  });

  it("Q3 an incident is read back as the store as written reads it, and saved only where it is", async () => {
    const table = await createIncidentTable(aws);
    const store = storeIn(bundled, aws, table);
    await store.open(anIncident({ id: "inc-1" }));
    await expect(store.save(anIncident({ id: "inc-2" }))).rejects.toThrow("incident inc-2 is no longer");
    expect(await store.get("inc-1")).toEqual(await storeIn(asWritten, aws, table).get("inc-1"));
    expect((await store.custodies()).map(({ incidentId }) => incidentId)).toEqual(["inc-1"]);
  });
});

describe("schemas, as bundled", () => {
  const incident = anIncident({ id: "inc-1" });
  it.each([
    {},
    null,
    { policy: { mode: "never", maxActions: -1 }, thresholds: 5, probing: null },
    { policy: { windows: [{ from: "25:00" }] }, unknown: { a: [1] } },
    incident,
    { ...incident, openedAt: "yesterday", actions: [{}] },
    { ...incident, actions: "none", next: { kind: "none" } },
  ])("Q1 read what the whole library reads, and refuse the rest in its words (%j)", (value) => {
    const [cut, whole] = [bundled, asWritten].map(({ settingsSchema, incidentSchema }) =>
      [settingsSchema, incidentSchema].map((schema) => {
        const { data, error } = schema.safeParse(value);
        return data ?? error?.issues;
      }),
    );
    expect(cut).toEqual(whole);
  });
});

type Adapters = Pick<typeof asWritten, "createDynamoDbClient" | "createDynamoIncidentStore">;

function storeIn(adapters: Adapters, aws: ClientSettings, table: string) {
  return adapters.createDynamoIncidentStore({
    client: adapters.createDynamoDbClient(aws),
    table,
    ids: createRandomIds(),
    clock: createSystemClock(),
    log: createCollectingLog(),
  });
}
