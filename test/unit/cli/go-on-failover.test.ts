import { describe, expect, it } from "vitest";
import { agreedToGoOn, type GoingOn } from "../../../bin/cli/go-on-failover.ts";
import { failover } from "../../../bin/commands/failover.ts";

async function asked(of: GoingOn, agrees: boolean) {
  const said: string[] = [];
  const say = (text: string): void => void said.push(text);
  const agreed = await agreedToGoOn(of, { say, agreed: async () => agrees });
  return { agreed, text: said.join("\n") };
}

describe("going on with a failover that ended", () => {
  it("K4 says what a redrive will do before anybody agrees", async () => {
    const { agreed, text } = await asked({ redrive: "fo-1" }, true);
    expect(agreed).toBe(true);
    for (const word of ["FENCES the old primary", "PROMOTES its candidate", "MOVES the names", "--show fo-1"])
      expect(text).toContain(word);
  });

  it("K4 says of a fence that is given back that nothing else is done", async () => {
    const { text } = await asked({ giveBack: "fo-1" }, true);
    expect(text).toContain("takes its fence off the old primary");
    expect(text).toContain("only where people stay with the old primary (--gone)");
    expect(text).not.toContain("PROMOTES");
  });

  it("K4 does nothing where nobody agrees, and says how it is agreed to", async () => {
    const { agreed, text } = await asked({ redrive: "fo-1" }, false);
    expect(agreed).toBe(false);
    expect(text).toContain("Not done: nobody agreed. Answer y, or give --yes");
  });

  it("K4 takes one of the two", async () => {
    const io = { out: () => undefined, err: () => undefined, terminal: false };
    const options = { redrive: "fo-1", "give-back": "fo-1" };
    await expect(failover.run(options, io)).rejects.toThrow("one of the two");
  });
});
