import { describe, expect, it } from "vitest";
import { askApplication } from "../../../functions/core/remedies/webhook-remedies.ts";
import { defaultSettings, settingsSchema } from "../../../functions/core/settings.ts";
import { aTarget, aView } from "../../support/evidence-builder.ts";

const webhooks = {
  hosts: ["hooks.example.com"],
  signingSecretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hook-AbCdEf",
  calls: { "shed-load": "https://hooks.example.com/shed", "take-load": "https://hooks.example.com/take" },
};
const told = { because: "it is overrun", consequence: "Users are turned away." };

function proposed(settings: object, accountId: string | null = "123456789012") {
  const { policy } = settingsSchema.parse({ policy: settings });
  const { thresholds } = defaultSettings;
  const view = aView({ overrides: { target: aTarget({ accountId }) } }, { thresholds, policy });
  return askApplication(view, "shed-load", told);
}

describe("asking the application", () => {
  it("A30 is proposed where the settings have an address for it, with the way back", () => {
    expect(proposed({ webhooks })).toMatchObject([
      {
        ...{ id: "call-webhook", risk: "disruptive", automatic: true },
        input: { url: "https://hooks.example.com/shed", undoUrl: "https://hooks.example.com/take" },
        preview: expect.stringContaining("POST https://hooks.example.com/shed"),
      },
    ]);
  });

  it("A30 is not proposed without one, nor for what is not on RDS", () => {
    expect(proposed({})).toEqual([]);
    expect(proposed({ webhooks }, null)).toEqual([]);
  });

  it.each([
    [{ hosts: [] }, "hooks.example.com is not among hosts"],
    [{ signingSecretArn: null }, "never called without signingSecretArn"],
    [{ hosts: ["Hooks.example.com"] }, "no host name in lower case"],
    [{ calls: { "drop-tables": "https://hooks.example.com/" } }, "calls"],
  ])("A30 settings that would never call are refused: %j", (wrong, says) => {
    const parsed = settingsSchema.safeParse({ policy: { webhooks: { ...webhooks, ...wrong } } });
    expect(JSON.stringify(parsed.error?.issues)).toContain(says);
  });
});
