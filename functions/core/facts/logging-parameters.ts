interface LoggingParameter {
  readonly set: RegExp;
  /** The only other value there is; null: which it was is to be seen. */
  readonly back: string | null;
  /** Which quiet values there are, for a person to choose from; null: others may need it as it is. */
  readonly quiet: string | null;
}

/** Values that make a server write logs onto its volume, and what stops that. */
const logging: readonly LoggingParameter[] = [
  {
    set: /^(general_log|log_queries_not_using_indexes|log_duration)=(1|on|true)$/i,
    ...{ back: "0", quiet: "0" },
  },
  { set: /^long_query_time=0(\.\d+)?$/, back: null, quiet: "seconds, 10 as delivered" },
  {
    // Files are kept to 2 % of the volume: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.MySQL.LogFileSize.html
    set: /^log_output=.*table/i,
    ...{ back: null, quiet: "FILE, which RDS keeps small, or NONE" },
  },
  {
    set: /^log_statement=(all|mod)$/i,
    ...{ back: null, quiet: "none, as delivered, or ddl, which an audit of schema changes may need" },
  },
  {
    set: /^log_min_duration_statement=\d{1,2}$/,
    ...{ back: null, quiet: "-1, which is off and as delivered, or milliseconds" },
  },
  {
    set: /^pgaudit\.log=(?!.*none)/i,
    ...{ back: null, quiet: "none, as delivered, or the classes that an audit needs (ddl, role …)" },
  },
  { set: /^binlog_(row_image=full$|format=(?!off))/i, back: null, quiet: null },
];

export function writesLogs(name: string, to: string | null): boolean {
  return rowOf(name, to) !== undefined;
}

/** Null where it cannot be set back without harm. */
export function quietValues(name: string, to: string | null): Omit<LoggingParameter, "set"> | null {
  const row = rowOf(name, to);
  return row === undefined || row.quiet === null ? null : row;
}

function rowOf(name: string, to: string | null): LoggingParameter | undefined {
  return logging.find(({ set }) => set.test(`${name}=${to ?? ""}`));
}
