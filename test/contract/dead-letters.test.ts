import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { type ClientSettings, createSqsClient } from "../../functions/adapters/aws/clients.ts";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createSqsDeadLetters } from "../../functions/adapters/aws/sqs-dead-letters.ts";
import { createMemoryDeadLetters } from "../../functions/adapters/memory/memory-dead-letters.ts";
import { type DeadLettersUnderTest, deadLettersContract } from "./dead-letters.contract.ts";
import { onEndpoint } from "./on-endpoint.ts";

describe("dead letters in memory", () => {
  deadLettersContract(async () => {
    const deadLetters = createMemoryDeadLetters();
    return { deadLetters, received: async () => deadLetters.rejections };
  });
});

await onEndpoint("dead letters in SQS", (aws) => {
  deadLettersContract(() => makeQueue(aws));

  it.each([
    ["text", "x".repeat(300_000)],
    ["an object", { detail: "x".repeat(300_000) }],
    ["control characters, six times as long in JSON", "\u0001".repeat(150_000)],
    ["letters of three bytes", "数".repeat(100_000)],
  ])("S9 cuts %s to 200 KiB and says how long it was", async (_what, raw) => {
    const { deadLetters, received } = await makeQueue(aws);
    await deadLetters.send({ code: "too-large", reason: "too large", field: null, raw });
    const [body] = await received();
    expect(body).toMatchObject({ code: "too-large", reason: "too large", truncated: true });
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(200 * 1024);
    expect(Buffer.byteLength(JSON.stringify(body))).toBeGreaterThan(100 * 1024);
    const rawBytes = Buffer.byteLength(typeof raw === "string" ? raw : JSON.stringify(raw));
    expect(body).toMatchObject({ rawBytes });
  });

  it("S9 keeps an event that JSON cannot write", async () => {
    const { deadLetters, received } = await makeQueue(aws);
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    for (const raw of [circular, 7n, undefined]) {
      await deadLetters.send({ code: "wrong-shape", reason: "odd", field: null, raw });
    }
    expect((await received()).length).toBe(3);
  });
});

async function makeQueue(aws: ClientSettings): Promise<DeadLettersUnderTest> {
  const client = createSqsClient(aws);
  const QueueName = `rejected-${createRandomIds().next()}`;
  const { QueueUrl: queueUrl = "" } = await client.send(new CreateQueueCommand({ QueueName }));
  return {
    deadLetters: createSqsDeadLetters({ client, queueUrl }),
    received: async () => {
      const command = new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 });
      const { Messages = [] } = await client.send(command);
      return Messages.map(({ Body }): unknown => JSON.parse(Body ?? ""));
    },
  };
}
