import * as z from "zod";
import type { SqlRow } from "../../../ports.ts";
import { pairs, perSecond } from "../../growth.ts";
import { type AutovacuumPlan, autovacuumPlan, autovacuumSettingsSchema } from "./autovacuum.ts";
import { type BloatEstimate, estimateBloat } from "./bloat.ts";
import { type TableAnswer, type TableDetail, tableAnswerSchema, tableDetailSchema } from "./sql.ts";

/** What is known of one table once both readings, and maybe its columns, are in. */
export interface TableFacts {
  readonly answer: TableAnswer;
  readonly plan: AutovacuumPlan;
  readonly blockSize: number;
  readonly intervalSeconds: number;
  readonly seqScansPerSecond: number | null;
  readonly seqRowsPerSecond: number | null;
  /** Null until its columns were read. */
  readonly detail: TableDetail | null;
  readonly bloat: BloatEstimate | null;
}

/** @param answers settings, tables, settings, tables, and the columns when they were asked for */
export function tableFacts(answers: readonly (readonly SqlRow[])[]): TableFacts[] {
  const [settingRows, first, , second, detailRows] = answers;
  const settings = autovacuumSettingsSchema.parse(settingRows?.[0]);
  const details = new Map(
    z
      .array(tableDetailSchema)
      .parse(detailRows ?? [])
      .map((detail) => [detail.oid, detail]),
  );
  return pairs(tableAnswerSchema, first, second, ({ oid }) => oid).map(({ before, after, seconds }) => {
    const plan = autovacuumPlan(settings, after.reloptions, after.reltuples);
    const detail = details.get(after.oid) ?? null;
    const blockSize = settings.block_size;
    return {
      answer: after,
      plan,
      blockSize,
      intervalSeconds: seconds,
      seqScansPerSecond: perSecond(before?.seq_scans, after.seq_scans, seconds),
      seqRowsPerSecond: perSecond(before?.seq_rows, after.seq_rows, seconds),
      detail,
      bloat: detail && bloatOf(after, plan, blockSize, detail),
    };
  });
}

function bloatOf(
  { pages, reltuples }: TableAnswer,
  { fillfactor }: AutovacuumPlan,
  blockSize: number,
  detail: TableDetail,
): BloatEstimate {
  const columns = (detail.columns ?? []).map(([length, align, nullFraction, averageWidth]) => ({
    length,
    align,
    nullFraction,
    averageWidth,
  }));
  return estimateBloat({ pages, rows: reltuples, fillfactor, blockSize, columns });
}
