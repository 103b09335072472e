import * as z from "zod";

const preparedSchema = z.object({
  formatID: z.coerce.number(),
  gtrid_length: z.coerce.number(),
  bqual_length: z.coerce.number(),
  data: z.string(),
});

/** MariaDB says it so itself; MySQL gives both parts as one hexadecimal number. */
export function xidOf(row: unknown): string {
  const { formatID, gtrid_length, bqual_length, data } = preparedSchema.parse(row);
  const hex = /^0x([0-9a-f]*)$/i.exec(data)?.[1];
  if (hex === undefined) return data;
  const global = hex.slice(0, gtrid_length * 2);
  const branch = hex.slice(gtrid_length * 2, (gtrid_length + bqual_length) * 2);
  return `X'${global}',X'${branch}',${formatID}`;
}
