import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { ClientSettings } from "../../functions/adapters/aws/clients.ts";
import { createSecretSource, createSecretsClient } from "../../functions/adapters/aws/secrets.ts";
import { createVirtualClock } from "../../functions/adapters/memory/virtual-clock.ts";
import { forward, startLoopback } from "./loopback.ts";
import { onEndpoint } from "./on-endpoint.ts";

const schema = z.object({ botToken: z.string() });
const halfAMinute = 30_000;

await onEndpoint("a secret in Secrets Manager", (aws) => {
  it("C2 is read once, and again after five minutes", async () => {
    const { source, put, clock, asked } = await secretOn(aws, "old");
    await source.read();
    await put("new");
    await clock.advance(10 * halfAMinute - 1);
    expect([await source.read(), asked()]).toEqual([{ botToken: "old" }, 1]);
    await clock.advance(1);
    expect([await source.read(), asked()]).toEqual([{ botToken: "new" }, 2]);
  });

  it("C2 is read again when it was refused, half a minute after the last time and not before", async () => {
    const { source, put, clock, asked } = await secretOn(aws, "old");
    await source.read();
    await put("new");
    for (let doubts = 0; doubts < 5; doubts += 1) {
      expect(await source.read({ fresh: true })).toEqual({ botToken: "old" });
    }
    expect(asked()).toBe(1);
    await clock.advance(halfAMinute);
    expect(await source.read({ fresh: true })).toEqual({ botToken: "new" });
    expect(await source.read({ fresh: true })).toEqual({ botToken: "new" });
    expect(asked()).toBe(2);
  });

  it("C2 the last good value is used when it cannot be read again, nor read in its shape", async () => {
    const { source, put, remove, clock, asked } = await secretOn(aws, "good");
    await source.read();
    await put(7);
    await clock.advance(10 * halfAMinute);
    expect([await source.read(), asked()]).toEqual([{ botToken: "good" }, 2]);
    await remove();
    await clock.advance(10 * halfAMinute);
    expect([await source.read(), asked()]).toEqual([{ botToken: "good" }, 3]);
    expect([await source.read({ fresh: true }), asked()]).toEqual([{ botToken: "good" }, 3]);
  });

  it("C2 a failure is said at once for half a minute; then it is asked again", async () => {
    const { source, put, clock, asked } = await secretOn(aws, 7);
    const why = /secret slack-\S+ lacks or misspells: botToken/;
    await expect(source.read()).rejects.toThrow(why);
    await put("good");
    await clock.advance(halfAMinute - 1);
    await expect(source.read()).rejects.toThrow(why);
    await expect(source.read({ fresh: true })).rejects.toThrow(why);
    expect(asked()).toBe(1);
    await clock.advance(1);
    expect([await source.read(), asked()]).toEqual([{ botToken: "good" }, 2]);
  });

  it("C2 a hiccup is got over within the time that a reading may take", async () => {
    const { source, asked } = await secretOn(aws, "good", (serial) => serial === 1);
    expect([await source.read(), asked()]).toEqual([{ botToken: "good" }, 2]);
  });
});

describe("a Secrets Manager that hangs", () => {
  it("C2 is asked once, for a limited time, and what came of it is said at once to the next", async () => {
    const silent = await startLoopback(() => "silence");
    const source = sourceOn({ region: "eu-west-1", endpoint: silent.endpoint }, "slack", 100);
    const why = "Secrets Manager did not answer within 0.1 s";
    for (let messages = 0; messages < 3; messages += 1) await expect(source.read()).rejects.toThrow(why);
    expect(silent.requests).toHaveLength(1);
  });
});

function sourceOn(aws: ClientSettings, secretId: string, timeoutMs?: number, clock = createVirtualClock()) {
  const client = createSecretsClient(aws);
  const limit = timeoutMs === undefined ? {} : { timeoutMs };
  return createSecretSource({ client, secretId, schema, clock, ...limit });
}

/** A secret of its own behind a counter, which hangs up on the requests that `dropped` names. */
async function secretOn(aws: ClientSettings, first: unknown, dropped = (_serial: number) => false) {
  const client = createSecretsClient(aws);
  const SecretId = `slack-${crypto.randomUUID()}`;
  const text = (botToken: unknown) => JSON.stringify({ botToken });
  await client.send(new CreateSecretCommand({ Name: SecretId, SecretString: text(first) }));
  const counted = await startLoopback((request, serial) =>
    dropped(serial) ? "hang-up" : forward(aws.endpoint, request),
  );
  const clock = createVirtualClock();
  return {
    source: sourceOn({ ...aws, endpoint: counted.endpoint }, SecretId, 10_000, clock),
    clock,
    asked: () => counted.requests.length,
    put: (botToken: unknown) =>
      client.send(new PutSecretValueCommand({ SecretId, SecretString: text(botToken) })),
    remove: () => client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true })),
  };
}
