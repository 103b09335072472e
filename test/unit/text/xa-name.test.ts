import { describe, expect, it } from "vitest";
import { xaNameText } from "../../../functions/core/text/xa-name.ts";

describe("the name of an XA transaction", () => {
  it.each([
    ["X'6F726465722D37',X'62',3", "gtrid order-7, bqual b, format 3"],
    ["'order-7','b',3", "gtrid order-7, bqual b, format 3"],
    ["X'61',X'',1", "gtrid a, format 1"],
    ["'it''s'", "gtrid it's, format 1"],
    ["X'00ff',X'',9", "gtrid 0x00ff, format 9"],
  ])("P26 says %s as %s", (id, says) => {
    expect(xaNameText(id)).toBe(says);
  });

  it("P26 takes no number of InnoDB for one", () => {
    expect(xaNameText("InnoDB transaction 77")).toBeNull();
  });
});
