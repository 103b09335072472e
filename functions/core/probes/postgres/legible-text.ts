/**
 * pg_stat_activity hands out other databases' statements as the bytes they came in, and a function of text raises
 * 22021 on bytes that the encoding of the database we are in does not know: one idle session would shut the view.
 * Such texts are read as bytes, and escaped: what is ASCII stays as it is, of the rest nothing is guessed.
 * https://www.postgresql.org/docs/current/functions-binarystring.html#ENCODE-FORMAT-ESCAPE
 */

/** One row, of the database that we are in. */
export const encodingHereSql = `(select encoding, pg_encoding_to_char(encoding) = current_setting('client_encoding') as unconverted
    from pg_database where datname = current_database())`;

export interface ForeignText {
  /** Expressions in SQL: the text, the encoding of its database, and the name that encodingHereSql was given. */
  readonly text: string;
  readonly encoding: string;
  readonly here: string;
}

/** Null where not even the bytes can be had: reading them would convert them for the client. */
export function escapedTextSql({ text, here }: Omit<ForeignText, "encoding">): string {
  return `case when ${here}.encoding = 0 then encode(convert_to(${text}, 'SQL_ASCII'), 'escape')
      when ${here}.unconverted then encode(textsend(${text}), 'escape') end`;
}

export function legibleTextSql({ text, encoding, here }: ForeignText): string {
  return `case when ${encoding} = ${here}.encoding then ${text} else ${escapedTextSql({ text, here })} end`;
}

/** Whether nothing had to be escaped: what a comment or a pattern would have matched may be in the rest. */
export function isLegibleSql(legible: string, text: string): string {
  return `(${text} is null or coalesce(octet_length(${legible}) = octet_length(${text}), false))`;
}

/** The statement as guards must see it: nobody touches what nobody here can read. */
export function notAllLegible(shown: string | null, optOutComment: string): string {
  return `${shown ?? ""} /* ${optOutComment}, for not all of it could be read */`.trim();
}
