/** What stands for the name of a prepared transaction that InnoDB knows by its number only. */
export function isUnnamed({ gid }: { readonly gid: string }): boolean {
  return gid.startsWith("InnoDB transaction ");
}

/**
 * "gtrid order-7, bqual b, format 3" of an id as XA ROLLBACK takes it: X'6f726465722d37',X'62',3. Bytes that are no text
 * stay hexadecimal. Null for what is no such id.
 */
export function xaNameText(id: string): string | null {
  const [, global, branch = "''", format = "1"] =
    /^(x?'(?:[^']|'')*')(?:,(x?'(?:[^']|'')*')(?:,(\d+))?)?$/i.exec(id) ?? [];
  if (global === undefined) return null;
  const parts = [
    `gtrid ${partText(global)}`,
    ...(/^x?''$/i.test(branch) ? [] : [`bqual ${partText(branch)}`]),
  ];
  return [...parts, `format ${format}`].join(", ");
}

function partText(literal: string): string {
  const hex = /^x'([0-9a-f]*)'$/i.exec(literal)?.[1];
  if (hex === undefined) return literal.slice(1, -1).replaceAll("''", "'");
  const codes = (hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
  const legible = codes.every((code) => code >= 0x20 && code < 0x7f);
  return legible ? String.fromCharCode(...codes) : `0x${hex}`;
}
