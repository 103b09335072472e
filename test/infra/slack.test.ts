import { describe, expect, it } from "vitest";
import * as z from "zod";
import { slackApiUrlOf } from "../../lib/deploy-config.ts";
import { synthesize, testConfig } from "../support/synth.ts";
import { whoMay } from "./permissions-of.ts";

describe("the address of Slack", () => {
  const withUrl = (slackApiUrl: string) => ({ ...testConfig, slackApiUrl });

  it.each([
    "https://slack-gov.com/api/",
    "http://127.0.0.1:4000/api/",
    "http://localhost/api/",
    "http://[::1]:4000/api/",
  ])("may be %s", (url) => {
    expect(slackApiUrlOf(withUrl(url))).toBe(url);
  });

  it.each([
    "http://slack.com/api/",
    "http://127.0.0.1.example.com/api/",
    "http://127.0.0.1@example.com/api/",
    "ftp://127.0.0.1/api/",
    "https://slack.com/api",
    "slack.com/api/",
    "",
  ])("Q4 may not be %s", (url) => {
    expect(() => synthesize({ bundle: false, config: withUrl(url) })).toThrow("slackApiUrl: ");
  });

  it("is told to those who may read the token, and to nobody else", () => {
    const config = withUrl("https://slack-gov.com/api/");
    const synthesized = synthesize({ bundle: false, config });
    const variables = z.object({
      Properties: z.object({ Environment: z.object({ Variables: z.looseObject({}) }) }),
    });
    const told = Object.entries(synthesized.template.findResources("AWS::Lambda::Function"))
      .filter(
        ([, fn]) =>
          variables.parse(fn).Properties.Environment.Variables["SLACK_API_URL"] === config.slackApiUrl,
      )
      .map(([id]) => synthesized.handlers.get(id));
    expect(told.sort()).toEqual(whoMay(synthesized, "secretsmanager:GetSecretValue", "slack"));
  });
});
