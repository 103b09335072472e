/** Values that make a server write logs onto its volume, and what stops that; null: others may need it as it is. */
const logging: readonly { readonly set: RegExp; readonly back: string | null }[] = [
  { set: /^(general_log|log_queries_not_using_indexes|log_duration)=(1|on|true)$/i, back: "0" },
  { set: /^long_query_time=0(\.\d+)?$/, back: "10" },
  // Files are kept to 2 % of the volume: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.MySQL.LogFileSize.html
  { set: /^log_output=.*table/i, back: "FILE" },
  { set: /^log_statement=(all|mod)$/i, back: "none" },
  { set: /^log_min_duration_statement=\d{1,2}$/, back: "-1" },
  { set: /^pgaudit\.log=(?!.*none)/i, back: "none" },
  { set: /^binlog_(row_image=full$|format=(?!off))/i, back: null },
];

export function writesLogs(name: string, to: string | null): boolean {
  return rowOf(name, to) !== undefined;
}

export function quietValue(name: string, to: string | null): string | null {
  return rowOf(name, to)?.back ?? null;
}

function rowOf(name: string, to: string | null): (typeof logging)[number] | undefined {
  return logging.find(({ set }) => set.test(`${name}=${to ?? ""}`));
}
