import { DeleteParameterCommand, PutParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { type ClientSettings, createSsmClient } from "../../functions/adapters/aws/clients.ts";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createSsmSettings } from "../../functions/adapters/aws/ssm-settings.ts";
import { createMemorySettings } from "../../functions/adapters/memory/memory-settings.ts";
import { createVirtualClock } from "../../functions/adapters/memory/virtual-clock.ts";
import { startLoopback } from "./loopback.ts";
import { onEndpoint } from "./on-endpoint.ts";
import { settingsContract } from "./settings.contract.ts";

describe("settings in memory", () => {
  settingsContract(async (value) => {
    const source = createMemorySettings(value ?? {});
    if (value === undefined) source.fail("no such parameter");
    return source;
  });
});

await onEndpoint("settings in Parameter Store", (aws) => {
  settingsContract(async (value) => {
    const { source, set } = parameterOn(aws);
    if (value !== undefined) await set(value);
    return source;
  });

  it("A41 sees a change after 30 seconds and not before", async () => {
    const { source, set, clock } = parameterOn(aws);
    await set({ cooldownSeconds: 1 });
    expect((await source.read()).cooldownSeconds).toBe(1);
    await set({ cooldownSeconds: 2 });
    await clock.advance(29_999);
    expect((await source.read()).cooldownSeconds).toBe(1);
    await clock.advance(1);
    expect((await source.read()).cooldownSeconds).toBe(2);
  });

  it("A41 uses the last good settings for ten minutes when they cannot be read again, then throws", async () => {
    const { source, set, remove, clock } = parameterOn(aws);
    await set({ cooldownSeconds: 1 });
    await source.read();
    await remove();
    await clock.advance(600_000);
    expect((await source.read()).cooldownSeconds).toBe(1);
    await clock.advance(30_000);
    await expect(source.read()).rejects.toThrow(/cannot be read/);
    await set({ cooldownSeconds: 3 });
    expect((await source.read()).cooldownSeconds).toBe(3);
  });

  it("A41 does not go on with the old settings when the new ones are not valid", async () => {
    const { source, set, clock } = parameterOn(aws);
    await set({ cooldownSeconds: 1 });
    await source.read();
    await set({ cooldownSeconds: "soon" });
    await clock.advance(30_000);
    const why = /cooldownSeconds: .*number.* \(found a string of 4 characters\)/;
    await expect(source.read()).rejects.toThrow(why);
    await expect(source.read()).rejects.toThrow(why);
  });

  it("A41 says that a parameter is not JSON", async () => {
    const { source, setText } = parameterOn(aws);
    await setText("policy: {}");
    await expect(source.read()).rejects.toThrow(/are not JSON/);
  });

  it("A41 throws when access is denied", async () => {
    const denied = await startLoopback(() => ({
      status: 400,
      headers: { "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify({ __type: "AccessDeniedException", message: "not authorized: ssm:GetParameter" }),
    }));
    const { source } = parameterOn({ ...aws, endpoint: denied.endpoint });
    await expect(source.read()).rejects.toThrow(/cannot be read: not authorized: ssm:GetParameter/);
    expect(denied.requests).toHaveLength(1);
  });
});

function parameterOn(aws: ClientSettings) {
  const client: SSMClient = createSsmClient(aws);
  const parameter = `/responder/${createRandomIds().next()}`;
  const clock = createVirtualClock();
  const setText = async (Value: string) => {
    await client.send(new PutParameterCommand({ Name: parameter, Value, Type: "String", Overwrite: true }));
  };
  return {
    clock,
    setText,
    source: createSsmSettings({ client, parameter, clock }),
    set: (value: unknown) => setText(JSON.stringify(value)),
    remove: () => client.send(new DeleteParameterCommand({ Name: parameter })),
  };
}
