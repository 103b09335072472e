import { describe, expect, it } from "vitest";
import { explainableMysql } from "../../../functions/core/plans/mysql-explainable.ts";
import {
  statementOfRoutine,
  withoutGivenValues,
} from "../../../functions/core/plans/mysql-routine-statement.ts";

const columns = new Set(["id", "state", "weight", "tracking_code", "at"]);

describe("a statement inside a stored program of MySQL or MariaDB", () => {
  it.each([
    [
      "SELECT id, state FROM warehouse.parcels WHERE tracking_code = p_code",
      "SELECT id , state FROM warehouse . parcels WHERE tracking_code in ('1', '2')",
    ],
    [
      "SELECT COUNT(*) n INTO v_n FROM parcels p WHERE p.state<=p_state AND weight BETWEEN p_a AND p_b ORDER BY p.at, n LIMIT p_n",
      "SELECT COUNT( * ) n FROM parcels p WHERE p . state <= '1' AND weight BETWEEN '1' AND '1' ORDER BY p . at , n LIMIT 1",
    ],
    [
      "UPDATE parcels, `gates` SET state = v WHERE (p_all IS NULL OR weight = p_all ) AND `tracking_code` = NEW.code",
      "select 1 from parcels , `gates` WHERE ( '1' IS NULL OR weight in ('1', '2') ) AND `tracking_code` in ('1', '2')",
    ],
    [
      "SELECT id FROM parcels USE INDEX (ix) WHERE at > NOW() - INTERVAL p_days DAY AND TIMESTAMPDIFF(DAY, at, p_at) > 1 AND state IN (p_a, 2)",
      "SELECT id FROM parcels USE INDEX ( ix ) WHERE at > NOW( ) - INTERVAL '1' DAY AND TIMESTAMPDIFF( DAY , at , '1' ) > 1 AND state IN ( '1' , 2 )",
    ],
    [
      "SELECT id FROM parcels WHERE tracking_code = NAME_CONST('p_code',_utf8mb4'TRK' COLLATE 'utf8mb4_general_ci')",
      "SELECT id FROM parcels WHERE tracking_code = NAME_CONST( 'p_code' , _utf8mb4'TRK' COLLATE 'utf8mb4_general_ci' )",
    ],
  ])("P33 makes %j one that can be explained", (text, sql) => {
    expect(explainableMysql(statementOfRoutine(text, columns))).toMatchObject({ kind: "yes", sql });
  });

  it.each([
    "SELECT id FROM parcels WHERE own_code(p_id) = id",
    "SELECT id INTO OUTFILE '/tmp/x' FROM parcels WHERE id = p_id",
    "SELECT @x := id FROM parcels WHERE id = p_id",
    "SELECT id INTO @x FROM parcels WHERE id = p_id",
    "INSERT INTO parcels VALUES (p_id, 1)",
  ])("P33 leaves out %j", (text) => {
    expect(explainableMysql(statementOfRoutine(text, columns)).kind).toBe("no");
  });

  it("C3 shows no value that the program was given", () => {
    const given =
      "SELECT id FROM p WHERE a = NAME_CONST('p_a',concat('x', 'y')) AND b IN (NAME_CONST('c',1))";
    expect(withoutGivenValues(given)).toBe("SELECT id FROM p WHERE a = ? AND b IN (?)");
    expect(withoutGivenValues("SELECT id FROM p WHERE a = NAME_CONST('p_a',_utf8mb4'secr")).toBe(
      "SELECT id FROM p WHERE a = ?",
    );
  });
});
