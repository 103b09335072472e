import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type SlackRequest, verifySlackRequest } from "../../../functions/core/policy/slack-signature.ts";

/** The example of https://docs.slack.dev/authentication/verifying-requests-from-slack */
const documented: SlackRequest = {
  signingSecret: "8f742231b10e8888abcd99yyyzzz85a5",
  timestamp: "1531420618",
  rawBody:
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
  signature: "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
  nowSeconds: 1531420618,
};

const verify = (changes: Partial<SlackRequest> = {}) => verifySlackRequest({ ...documented, ...changes });

function signed(rawBody: string, secret = documented.signingSecret): string {
  return `v0=${createHmac("sha256", secret).update(`v0:${documented.timestamp}:${rawBody}`).digest("hex")}`;
}

describe("the signature of a request from Slack", () => {
  it("A42 is accepted on Slack's documented example", async () => {
    expect(await verify()).toBe("ok");
  });

  it("A42 covers bytes outside ASCII", async () => {
    const rawBody = "text=Löschen ✓";
    expect(await verify({ rawBody, signature: signed(rawBody) })).toBe("ok");
  });

  it("A42 is refused when body, time, secret or signature differ", async () => {
    expect(await verify({ rawBody: `${documented.rawBody}&user_id=UEVE` })).toBe("bad-signature");
    expect(await verify({ timestamp: "1531420619" })).toBe("bad-signature");
    expect(await verify({ signingSecret: "another" })).toBe("bad-signature");
    expect(await verify({ signature: documented.signature?.replace("v0=a", "v0=b") })).toBe("bad-signature");
  });

  it("A42 is refused when more than five minutes old or from the future", async () => {
    const { nowSeconds } = documented;
    expect(await verify({ nowSeconds: nowSeconds + 300 })).toBe("ok");
    expect(await verify({ nowSeconds: nowSeconds + 301 })).toBe("too-old");
    expect(await verify({ nowSeconds: nowSeconds - 300 })).toBe("ok");
    expect(await verify({ nowSeconds: nowSeconds - 301 })).toBe("too-old");
    expect(await verify({ nowSeconds: Number.NaN })).toBe("too-old");
  });

  it.each([
    ["no signature", { signature: undefined }],
    ["an empty signature", { signature: "" }],
    ["another version", { signature: documented.signature?.replace("v0", "v1") }],
    ["a cut signature", { signature: documented.signature?.slice(0, -2) }],
    ["no hexadecimal digits", { signature: `v0=${"zz".repeat(32)}` }],
    ["no time", { timestamp: undefined }],
    ["a time that is no number", { timestamp: "1e9" }],
  ])("A42 is malformed with %s", async (_what, changes) => {
    expect(await verify(changes)).toBe("malformed");
  });

  it("A42 is never good under an empty secret, which everybody knows", async () => {
    const request = { signingSecret: "", timestamp: documented.timestamp, rawBody: "x" };
    const empty = `v0=${createHmac("sha256", "").update(`v0:${documented.timestamp}:x`).digest("hex")}`;
    expect(await verify({ ...request, signature: empty })).toBe("bad-signature");
  });
});
