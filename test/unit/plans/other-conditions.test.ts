import { describe, expect, it } from "vitest";
import { otherConditions } from "../../../functions/core/plans/other-conditions.ts";

const of = (filter: string) => otherConditions(filter, "members").map(({ kind, sql }) => `${kind} ${sql}`);

describe("a condition on an expression that an index on it serves", () => {
  it.each([
    ["(lower(members.email) = lower($1))", "expression lower(email)"],
    ["(lower((members.email)::text) = lower(($1)::text))", "expression lower((email)::text)"],
    ["(upper(members.code) = 'X'::text)", "expression upper(code)"],
    ["(md5(members.body) = md5($2))", "expression md5(body)"],
  ])("P16 whatever is made of the value that is asked for: %s", (filter, expected) => {
    expect(of(filter)).toEqual([expected]);
  });

  it("P16 is none where it is compared with another column, or with what nobody knows to be immutable", () => {
    expect(of("(lower(members.email) = lower(other.email))")).toEqual([]);
    expect(of("(lower(members.email) = own($1))")).toEqual([]);
    expect(of("(own(members.email) = lower($1))")).toEqual([]);
  });
});
