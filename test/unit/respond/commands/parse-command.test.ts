import { describe, expect, it } from "vitest";
import { parseCommand } from "../../../../functions/core/respond/commands/parse-command.ts";

describe("what somebody wrote behind /db", () => {
  it.each([
    ["status", { kind: "status", name: null }],
    ["  STATUS  Orders-Prod ", { kind: "status", name: "orders-prod" }],
    ["ack", { kind: "ack", name: null }],
    ["ack inc-7f3a", { kind: "ack", name: "inc-7f3a" }],
    ["diagnose orders-prod", { kind: "diagnose", name: "orders-prod" }],
    ["failover orders-prod", { kind: "failover", name: "orders-prod" }],
    [
      "snooze orders-prod 1h30m index  build",
      { kind: "snooze", name: "orders-prod", seconds: 5400, reason: "index build" },
    ],
    ["snooze orders-prod off", { kind: "snooze-off", name: "orders-prod" }],
  ])("S7 %s is understood", (text, command) => {
    expect(parseCommand(text)).toEqual(command);
  });

  it.each([
    ["", /^\/db status/],
    ["drop orders-prod", /no such command/],
    ["diagnose", /Which database/],
    ["diagnose orders;reboot", /no name of a database/],
    ["snooze orders-prod", /For how long/],
    ["snooze orders-prod 0m reason", /For how long/],
    ["snooze orders-prod tomorrow reason", /For how long/],
    ["snooze orders-prod 2h", /Why/],
  ])("S7 %j is answered with what can be written", (text, says) => {
    const command = parseCommand(text);
    expect(command).toMatchObject({ kind: "not-one", says: expect.stringMatching(says) });
    expect(command).toMatchObject({ says: expect.stringContaining("/db snooze NAME 2h REASON") });
  });
});
