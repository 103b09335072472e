import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import * as z from "zod";
import { createSecretSource, createSecretsClient } from "../../functions/adapters/aws/secrets.ts";
import { createSlackChat } from "../../functions/adapters/slack/slack-chat.ts";
import { type Reply, startLoopback } from "../contract/loopback.ts";
import { postgresAvailability } from "../lab/engines/available.ts";
import { describeEngine } from "../lab/engines/describe-engine.ts";
import type { PostgresServer } from "../lab/engines/lab-server.ts";
import { startSlack } from "../lab/slack/server.ts";
import { createSkippingClock } from "../support/skipping-clock.ts";
import { respondDefinition } from "../support/synth.ts";
import { faultOnAccount, responderFor } from "./for-one-test.ts";
import { fire, incidentOf, startBank } from "./support.ts";

const headers = { "content-type": "application/x-amz-json-1.1" };
const denied: Reply = {
  status: 400,
  headers,
  body: JSON.stringify({ __type: "AccessDeniedException", message: "not authorized" }),
};

/** Slack's real client, its token from a Secrets Manager that may refuse it. */
async function slackBehindSecret() {
  const slack = await startSlack({ signingSecret: "lab-secret" });
  onTestFinished(slack.stop);
  let isReadable = false;
  const token: Reply = {
    status: 200,
    headers,
    body: JSON.stringify({ SecretString: JSON.stringify({ botToken: slack.token }) }),
  };
  const manager = await startLoopback(() => (isReadable ? token : denied));
  const clock = createSkippingClock();
  const secret = createSecretSource({
    client: createSecretsClient({ region: "eu-west-1", endpoint: manager.endpoint }),
    ...{ secretId: "slack", schema: z.object({ botToken: z.string() }), clock },
  });
  const chat = createSlackChat({
    token: async (options) => (await secret.read(options)).botToken,
    ...{ apiUrl: slack.apiUrl, clock },
  });
  return {
    slack,
    chat,
    /** A failed reading is remembered for half a minute. */
    minuteLater: () => clock.skip(60_000),
    restore: () => {
      isReadable = true;
    },
    asked: () => manager.requests.length,
  };
}

describeEngine("an incident without its secrets", await postgresAvailability(17), () => {
  let server: PostgresServer;
  let definition: object;

  beforeAll(async () => {
    [server, definition] = await Promise.all([startBank(), respondDefinition()]);
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
  });

  it("Q3 is opened, diagnosed, acted on and recorded without the token, and told when it can be read again", async () => {
    const { slack, chat, minuteLater, restore, asked } = await slackBehindSecret();
    const fault = await faultOnAccount(server, 2);
    let actedInSilence = false;
    const lab = responderFor(server, definition, {
      ...{ mode: "auto", chat },
      onWatch: async () => {
        minuteLater();
        const [open] = await lab.deps.incidents.custodies();
        const audit = await lab.deps.incidents.audit(open?.incidentId ?? "");
        if (!audit.some(({ phase }) => phase === "finished")) return;
        actedInSilence ||= slack.messages().length === 0;
        restore();
      },
    });
    const id = await fire(lab);
    await fault.served;
    await lab.workflow.idle();
    expect(await incidentOf(lab, id)).toMatchObject({ status: "resolved" });
    expect((await lab.deps.incidents.audit(id)).map(({ phase }) => phase)).toEqual(["ordered", "finished"]);
    expect(asked()).toBeGreaterThan(0);
    expect(actedInSilence).toBe(true);
    const told = slack.messages().map(({ text }) => text);
    expect(told.length).toBeGreaterThan(2);
    expect(new Set(told).size).toBe(told.length);
    expect(told.join("\n")).toMatch(/resolved/i);
  });

  it("Q3 comes to its end also when the token can never be read, and the log says what was not told", async () => {
    const { slack, chat, minuteLater } = await slackBehindSecret();
    const fault = await faultOnAccount(server, 2);
    const lab = responderFor(server, definition, { ...{ mode: "auto", chat }, onWatch: minuteLater });
    const id = await fire(lab);
    await fault.served;
    await lab.workflow.idle();
    expect((await incidentOf(lab, id)).status).toBe("resolved");
    expect((await lab.deps.incidents.audit(id)).map(({ phase }) => phase)).toEqual(["ordered", "finished"]);
    expect(await lab.deps.incidents.custodies()).toEqual([]);
    expect(slack.messages()).toEqual([]);
    expect(lab.log.metrics.map(({ name }) => name)).toContain("MessagesNotSent");
  });
});
