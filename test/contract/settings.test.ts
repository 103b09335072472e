import { DeleteParameterCommand, PutParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import {
  type ClientSettings,
  createDynamoDbClient,
  createSsmClient,
} from "../../functions/adapters/aws/clients.ts";
import { createDynamoKeptSettings } from "../../functions/adapters/aws/dynamo-kept-settings.ts";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createSsmSettings } from "../../functions/adapters/aws/ssm-settings.ts";
import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import {
  createMemoryKeptSettings,
  createMemoryParameter,
} from "../../functions/adapters/memory/memory-settings.ts";
import { createVirtualClock } from "../../functions/adapters/memory/virtual-clock.ts";
import { createSteadySettings } from "../../functions/core/configuration/steady-settings.ts";
import { createIncidentTable } from "./incident-table.ts";
import { startLoopback } from "./loopback.ts";
import { onEndpoint } from "./on-endpoint.ts";
import { keptSettingsContract, parameterContract, settingsContract } from "./settings.contract.ts";

describe("settings in memory", () => {
  settingsContract(async () => {
    const parameter = createMemoryParameter(null);
    const deps = {
      ...{ parameter, kept: createMemoryKeptSettings(), freshMs: 0 },
      ...{ clock: createVirtualClock(), log: createCollectingLog() },
    };
    return {
      cold: () => createSteadySettings(deps),
      write: async (text) => {
        parameter.fail(null);
        parameter.write(text);
      },
      breakIt: async () => parameter.fail("access denied"),
    };
  });
  parameterContract(async (text) => {
    const parameter = createMemoryParameter(text);
    return { parameter, write: async (next) => parameter.write(next) };
  });
  keptSettingsContract(async () => createMemoryKeptSettings());
});

await onEndpoint("settings in Parameter Store", (aws) => {
  settingsContract(async () => {
    const { setText, remove, cold } = await settingsOn(aws);
    return { cold, write: setText, breakIt: remove };
  });
  parameterContract(async (text) => {
    const { parameter, setText } = await settingsOn(aws);
    await setText(text);
    return { parameter, write: setText };
  });
  keptSettingsContract(async () => (await settingsOn(aws)).kept);

  it("A41 sees a change after 30 seconds and not before", async () => {
    const { set, clock, warm } = await settingsOn(aws);
    const source = warm();
    await set({ cooldownSeconds: 1 });
    expect((await source.read()).cooldownSeconds).toBe(1);
    await set({ cooldownSeconds: 2 });
    await clock.advance(29_999);
    expect((await source.read()).cooldownSeconds).toBe(1);
    await clock.advance(1);
    expect((await source.read()).cooldownSeconds).toBe(2);
  });

  it("A41 uses the last good settings when they cannot be read again, and says so after ten minutes", async () => {
    const { set, remove, clock, warm } = await settingsOn(aws);
    const source = warm();
    await set({ cooldownSeconds: 1 });
    await source.read();
    await remove();
    await clock.advance(600_000);
    expect(await source.readWithStanding()).toMatchObject({
      settings: { cooldownSeconds: 1 },
      standing: { kind: "waiting" },
    });
    await clock.advance(30_000);
    expect(await source.readWithStanding()).toMatchObject({
      settings: { cooldownSeconds: 1 },
      standing: { kind: "unreadable", instead: 1, reason: expect.stringContaining("cannot be read") },
    });
    await set({ cooldownSeconds: 3 });
    await clock.advance(30_000);
    expect(await source.readWithStanding()).toMatchObject({
      settings: { cooldownSeconds: 3 },
      standing: { kind: "in-force" },
    });
  });

  it("A41 says which field is wrong and what stands in it, and never the value", async () => {
    const { set, clock, warm } = await settingsOn(aws);
    const source = warm();
    await set({ cooldownSeconds: 1 });
    await source.read();
    await set({ cooldownSeconds: "soon" });
    await clock.advance(30_000);
    const { standing } = await source.readWithStanding();
    expect(standing).toMatchObject({
      faults: [expect.stringMatching(/^cooldownSeconds: .*number.* \(found a string of 4 characters\)$/)],
    });
    expect(JSON.stringify(standing)).not.toContain("soon");
  });

  it("A41 says where a parameter is not JSON, and quotes nothing of it", async () => {
    const { setText, cold } = await settingsOn(aws);
    await setText('{\n  "policy": dana }');
    const { standing } = await cold().readWithStanding();
    expect(standing).toMatchObject({ faults: ["the whole text is not JSON, at line 2, column 13"] });
    expect(JSON.stringify(standing)).not.toContain("dana");
  });

  it("A41 asks once when access is denied, and says why it cannot be read", async () => {
    const denied = await startLoopback(() => ({
      status: 400,
      headers: { "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify({ __type: "AccessDeniedException", message: "not authorized: ssm:GetParameter" }),
    }));
    const { parameter } = await settingsOn({ ...aws, endpoint: denied.endpoint }, aws);
    await expect(parameter.read()).rejects.toThrow(/cannot be read: not authorized: ssm:GetParameter/);
    expect(denied.requests).toHaveLength(1);
  });

  it("Q2 a parameter that hangs is not waited for, and the kept settings go on", async () => {
    const silent = await startLoopback(() => "silence");
    const { kept } = await settingsOn(aws);
    await kept.keep({ text: JSON.stringify({ cooldownSeconds: 5 }), version: 3, modifiedAt: 3 });
    const source = createSteadySettings({
      parameter: createSsmSettings({
        client: createSsmClient({ ...aws, endpoint: silent.endpoint }),
        parameter: "/x",
      }),
      ...{ kept, clock: createVirtualClock(), log: createCollectingLog(), patienceMs: 100 },
    });
    expect(await source.readWithStanding()).toMatchObject({
      settings: { cooldownSeconds: 5 },
      standing: { kind: "unreadable", instead: 3, reason: expect.stringContaining("within 100 ms") },
    });
  });
});

/** A parameter and a table of their own; the parameter may be read by another way than it is written. */
async function settingsOn(aws: ClientSettings, writing = aws) {
  const client: SSMClient = createSsmClient(writing);
  const name = `/responder/${createRandomIds().next()}`;
  const clock = createVirtualClock();
  const setText = async (Value: string) => {
    await client.send(new PutParameterCommand({ Name: name, Value, Type: "String", Overwrite: true }));
  };
  const parameter = createSsmSettings({ client: createSsmClient(aws), parameter: name });
  const table = await createIncidentTable(writing);
  const kept = createDynamoKeptSettings({
    ...{ client: createDynamoDbClient(writing), table, ids: createRandomIds() },
  });
  const made = { parameter, kept, clock, log: createCollectingLog() };
  return {
    ...made,
    setText,
    warm: () => createSteadySettings(made),
    cold: () => createSteadySettings({ ...made, freshMs: 0 }),
    set: (value: unknown) => setText(JSON.stringify(value)),
    remove: async () => {
      await client.send(new DeleteParameterCommand({ Name: name }));
    },
  };
}
