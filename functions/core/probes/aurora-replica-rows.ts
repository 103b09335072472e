import * as z from "zod";

/** One instance of an Aurora cluster, as the one asked sees it: what both engines tell. */
export const auroraReplica = {
  server: z.string(),
  writer: z.boolean(),
  /** Null for the writer, and where it is not known. */
  lagMs: z.number().nonnegative().nullable(),
  /** Since the instance last reported; PostgreSQL has none for the one that answers. */
  lastUpdateSeconds: z.number().nonnegative().nullable(),
};
