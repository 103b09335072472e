import { describe, expect, it } from "vitest";
import { connectFailure } from "../../../functions/adapters/mysql/connect-failure.ts";

describe("a refused sign-in of MySQL and MariaDB", () => {
  const stepOf = (errno: number) =>
    connectFailure(Object.assign(new Error("refused"), { errno }), "signing-in", "").failedStep;

  it("P21 takes 3159 for TLS that is required, and not MariaDB's 4205, which is about vectors", () => {
    expect(stepOf(3159)).toBe("tls");
    expect(stepOf(4205)).toBe("sign-in");
  });
});
