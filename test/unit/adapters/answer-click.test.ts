import { describe, expect, it } from "vitest";
import { answerClick, isSlackAnswerUrl } from "../../../functions/adapters/slack/answer-click.ts";

const standIn = "http://127.0.0.1:4000/api/";

describe("where a click is answered", () => {
  it.each([
    ["Slack", "https://hooks.slack.com/actions/T0/1/abc", undefined],
    ["GovSlack", "https://hooks.slack-gov.com/actions/T0/1/abc", undefined],
    ["a stand-in on this machine, when Slack itself is one", "http://127.0.0.1:4001/response/1", standIn],
  ])("Q4 is %s", (_name, url, apiUrl) => {
    expect(isSlackAnswerUrl(url, apiUrl)).toBe(true);
  });

  it.each([
    ["plain http", "http://hooks.slack.com/actions/T0", undefined],
    ["another host", "https://evil.example/actions/T0", undefined],
    ["a host that begins like Slack's", "https://hooks.slack.com.evil.example/", undefined],
    ["a host behind a user name", "https://hooks.slack.com@evil.example/", undefined],
    ["a user name", "https://a:b@hooks.slack.com/", undefined],
    ["another port", "https://hooks.slack.com:8443/", undefined],
    ["credentials of the machine", "http://169.254.169.254/latest/meta-data/", undefined],
    ["Lambda's own runtime", "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next", undefined],
    ["this machine, when Slack is Slack", "http://127.0.0.1:9001/", "https://slack.com/api/"],
    ["another host, when Slack is a stand-in", "http://10.0.0.5/", standIn],
    ["no address", "hooks.slack.com", undefined],
  ])("Q4 is never %s", async (_name, url, apiUrl) => {
    expect(isSlackAnswerUrl(url, apiUrl)).toBe(false);
    expect(await answerClick(url, "Approved.", apiUrl)).toBe("not-slack");
  });
});
