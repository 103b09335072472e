import { describe, expect, it } from "vitest";
import { grantScript } from "../../../functions/core/grants/grant-script.ts";

const asked = { auth: "password", objects: "shop_eu" } as const;

describe("looking after tables and indexes", () => {
  it("Q4 takes the owner's rights on PostgreSQL, and only for who acts", () => {
    expect(grantScript({ ...asked, engine: "postgres", role: "act" })).toContain(
      "\nGRANT shop_eu TO rds_responder_act;\n",
    );
    expect(grantScript({ ...asked, engine: "postgres", role: "probe" })).not.toContain("shop_eu");
  });

  it.each(["mysql", "mariadb"] as const)("Q4 takes rights on one schema and no other on %s", (engine) => {
    expect(grantScript({ ...asked, engine, role: "act" })).toContain(
      "\nGRANT SELECT, INSERT, INDEX, ALTER, EVENT ON `shop\\_eu`.* TO 'rds_responder_act'@'%';\n",
    );
  });

  it("Q4 is granted to nobody who did not ask for it", () => {
    const script = grantScript({ engine: "mysql", role: "act", auth: "password" });
    expect(script).not.toMatch(/INDEX|ALTER/);
  });

  it("A14 lets an owner pause the own jobs of pg_cron, where there is one", () => {
    const script = grantScript({ ...asked, engine: "postgres", role: "act" });
    expect(script).toContain(
      "GRANT EXECUTE ON FUNCTION cron.alter_job(bigint,text,text,text,text,boolean) TO shop_eu;",
    );
    expect(script).toContain("EXCEPTION WHEN invalid_schema_name OR undefined_function");
  });

  it.each(["mysql", "mariadb"] as const)("Q4 leaves to who looks alone what %s follows", (engine) => {
    const script = (role: "probe" | "act") => grantScript({ engine, role, auth: "password" });
    const may = engine === "mysql" ? "REPLICATION CLIENT" : "mysql.rds_replica_status";
    expect(script("probe")).toContain(may);
    expect(script("act")).not.toContain(may);
  });

  it("Q4 quotes a name that is not plain", () => {
    const script = grantScript({ ...asked, objects: 'a"; DROP', engine: "postgres", role: "act" });
    expect(script).toContain('GRANT "a""; DROP" TO rds_responder_act;');
  });
});
