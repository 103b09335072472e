import { DeleteParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { type ClientSettings, createSsmClient } from "../../functions/adapters/aws/clients.ts";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createSsmKillSwitch } from "../../functions/adapters/aws/ssm-kill-switch.ts";
import { createMemoryKillSwitch } from "../../functions/adapters/memory/memory-kill-switch.ts";
import { killSwitchContract } from "./kill-switch.contract.ts";
import { startLoopback } from "./loopback.ts";
import { onEndpoint } from "./on-endpoint.ts";

describe("kill switch in memory", () => {
  killSwitchContract(async () => {
    const killSwitch = createMemoryKillSwitch();
    return {
      killSwitch,
      set: async (value) => killSwitch.set(value),
      breakIt: async () => killSwitch.fail("access denied"),
    };
  });
});

await onEndpoint("kill switch in Parameter Store", (aws) => {
  killSwitchContract(async () => {
    const client = createSsmClient(aws);
    const parameter = `/responder/${createRandomIds().next()}`;
    return {
      killSwitch: createSsmKillSwitch({ client, parameter }),
      set: async (Value) => {
        await client.send(
          new PutParameterCommand({ Name: parameter, Value, Type: "String", Overwrite: true }),
        );
      },
      breakIt: async () => {
        await client.send(new DeleteParameterCommand({ Name: parameter }));
      },
    };
  });

  it("A41 throws when access is denied, and asks only once", async () => {
    const denied = await startLoopback(() => ({
      status: 400,
      headers: { "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify({ __type: "AccessDeniedException", message: "not authorized: ssm:GetParameter" }),
    }));
    await expect(readThrough(aws, denied.endpoint)).rejects.toThrow(/cannot be read: not authorized/);
    expect(denied.requests).toHaveLength(1);
  });

  it("A41 throws when Parameter Store hangs", async () => {
    const silent = await startLoopback(() => "silence");
    await expect(readThrough(aws, silent.endpoint)).rejects.toThrow(/cannot be read/);
  });
});

function readThrough(aws: ClientSettings, endpoint: string) {
  const client = createSsmClient({ ...aws, endpoint });
  return createSsmKillSwitch({ client, parameter: "/responder/kill-switch" }).read();
}
